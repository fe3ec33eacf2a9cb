module photofinish/runtimes/go

go 1.25
