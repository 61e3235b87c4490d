# What CI runs, and what a person runs before a commit.

STATICCHECK = go run honnef.co/go/tools/cmd/staticcheck@v0.7.0
PLATFORMS   = linux/amd64 linux/arm64 linux/arm darwin/amd64 darwin/arm64 windows/amd64 windows/arm64
FUZZTIME    = 2s

.PHONY: check rest test lint race labs fuzz fuzz-short explore swarm swarm-short matrix cross bench pgo

check: test rest cross

# rest is check without the README's test command, which CI runs by itself, and
# without the cross-compilation, which CI does last.
rest: lint race labs swarm-short fuzz-short

test:
	go test ./...

lint:
	@unformatted=$$(gofmt -l .); test -z "$$unformatted" || { echo "not gofmt-ed: $$unformatted"; exit 1; }
	go vet ./...
	$(STATICCHECK) ./...

# race looks where goroutines may be (tests/house says so; TestRaced that this
# is all). The peers of the interoperability tests and the slower clients need no second
# run: they are other processes, and the race detector slows only us. Nor do long tests
# that run one network in one goroutine, as they run everywhere else; those scenarios whose
# names begin with a to c show, beside each other, whether networks share anything. With the
# profile of handshakes all would be compiled a second time, here and in cross.
ONCE = ^TestMatrix$$|^TestMatrixESP$$|^TestAnsible$$|^TestNetmiko$$|^TestWhy|^TestLogs|Reveal|^TestJUnit$$|^TestCapturesOpen|TestScenarios/^(clock|[d-z])
RACED = ./cmd/... ./netsim/... ./tests ./tests/automation ./tests/interop/... ./tests/kernel ./tests/kit
race:
	go test -pgo=off -race -shuffle=on -timeout 20m -skip '$(ONCE)' $(RACED)

# labs are those with a task, each with three seeds; a test run tries one.
labs:
	go test ./topologies/exercise -run '^(TestLabs|TestCheats)$$' -seeds 3
	go test ./tests -run '^TestWhyOfExercises$$' -seeds 3

fuzz-short:
	./.ci/fuzz $(FUZZTIME)

fuzz:
	./.ci/fuzz 5m

# explore tries thirty times the interleavings of two engines that a test run does,
# and every pair of mishaps in every collision; FIRST=60000 tries others.
FIRST = 0
explore:
	go test ./ikev2 -run '^TestExplore$$' -count=1 -v -interleavings 60000 -first $(FIRST)
	go test ./ikev2 -run '^TestCollisions$$' -count=1 -timeout 30m -pairs

swarm-short:
	go run ./cmd/ikelab swarm --seeds 200

# swarm takes 40 minutes of two cores at most.
swarm:
	go run ./cmd/ikelab swarm --seeds 10000

# matrix brings up tunnels of all kinds with the IKE daemons of Debian;
# UPDATE=1 writes docs/interop.md anew. ./.ci/peers unpacks those daemons. What they
# said when something failed is kept below bin/_artifacts.
matrix:
	@mkdir -p bin
	go test ./tests/interop -run '^TestMatrix$$' -matrix -count=1 -timeout 30m -artifacts -outputdir $(CURDIR)/bin $(if $(UPDATE),-update)

cross:
	@for p in $(PLATFORMS); do \
		echo "build $$p"; GOOS=$${p%/*} GOARCH=$${p#*/} go build -pgo=off -gcflags='all=-N -l' -o /dev/null ./cmd/ikelab || exit 1; \
	done # not optimised: whether it compiles is all that is asked

bench:
	go run ./cmd/ikelab bench esp handshake scale idle records

# pgo renews the profile of handshakes and forwarding by which the compiler lays
# the program out; once in a while, on a quiet machine.
pgo:
	go test -trimpath ./topologies/bench -run '^$$' -bench 'Pairs|Forward' -benchtime 3s -cpu 1 -cpuprofile cmd/ikelab/default.pgo -o /dev/null
