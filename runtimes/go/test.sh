# Every test of this folder. The events go to .test/go.json, where the summary of all runtimes counts them; people see the packages, and all
# output when something failed.
mkdir -p .test
go test -count=1 -json ./... >.test/go.json
status=$?
[ $status -eq 0 ] && shown='^\(ok\|?\) ' || shown=''
sed -n 's/.*"Output":"\(.*\)\\n"}$/\1/p' .test/go.json | sed 's/\\t/  /g' | grep "$shown"
exit $status
