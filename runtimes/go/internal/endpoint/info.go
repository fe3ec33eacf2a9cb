package endpoint

import (
	"encoding/json"
	"fmt"
	"runtime"
	"runtime/debug"
	"runtime/metrics"
	"strings"

	"photofinish/runtimes/go/internal/contract"
	"photofinish/runtimes/go/internal/listener"
	"photofinish/runtimes/go/internal/settings"
)

// information is the answer of GET /info as packages/schema describes it; nil stands for what the model does not have.
type information struct {
	Runtime          string            `json:"runtime"`
	Version          string            `json:"version"`
	Model            string            `json:"model"`
	Nonce            string            `json:"nonce"`
	Cores            int               `json:"cores"`
	CoresSeen        int               `json:"coresSeen"`
	Processes        int               `json:"processes"`
	Threads          *int              `json:"threads"`
	CPUPool          *int              `json:"cpuPool"`
	UpstreamPool     *int              `json:"upstreamPool"`
	DatabasePool     *int              `json:"databasePool"`
	CPUWork          string            `json:"cpuWork"`
	Server           string            `json:"server"`
	EventLoop        *string           `json:"eventLoop"`
	GIL              *string           `json:"gil"`
	GC               string            `json:"gc"`
	NoDelay          bool              `json:"noDelay"`
	KeepAliveSeconds float64           `json:"keepAliveSeconds"`
	Backlog          int               `json:"backlog"`
	Libraries        map[string]string `json:"libraries"`
}

// Info is GET /info: what the target really runs with.
func Info(given settings.Settings, cpuWork string) contract.Endpoint {
	version, _, _ := strings.Cut(runtime.Version(), " ")
	return contract.Endpoint{
		Path: "/info",
		Handle: func(contract.Values) contract.Answer {
			body, err := json.Marshal(information{
				Runtime:          "go",
				Version:          strings.TrimPrefix(version, "go"),
				Model:            given.Model,
				Nonce:            given.Nonce,
				Cores:            runtime.GOMAXPROCS(0),
				CoresSeen:        runtime.NumCPU(),
				Processes:        1,
				CPUWork:          cpuWork,
				Server:           "net/http " + version,
				GC:               fmt.Sprintf("concurrent mark-sweep, GOGC=%d", gcPercent()),
				NoDelay:          true, // net sets TCP_NODELAY on every connection it accepts
				KeepAliveSeconds: listener.KeepAlive.Seconds(),
				Backlog:          listener.Backlog,
				Libraries: map[string]string{
					"json":        "encoding/json " + version + ", into a struct",
					"http-parser": "net/http " + version,
					"experiments": experiments(),
				},
			})
			if err != nil {
				panic(err)
			}
			return contract.JSON(body)
		},
	}
}

// gcPercent reads GOGC off the running collector.
func gcPercent() uint64 {
	sample := []metrics.Sample{{Name: "/gc/gogc:percent"}}
	metrics.Read(sample)
	return sample[0].Value.Uint64()
}

// experiments is GOEXPERIMENT at build time: it decides, among others, on the collector and on the version of encoding/json.
func experiments() string {
	if build, ok := debug.ReadBuildInfo(); ok {
		for _, setting := range build.Settings {
			if setting.Key == "GOEXPERIMENT" && setting.Value != "" {
				return setting.Value
			}
		}
	}
	return "the toolchain's own"
}
