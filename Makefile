# `make run` traces, `make test` tests, `make help` lists the rest.
GO      ?= go
HOST    ?=
ARGS    ?=
PREFIX  ?= /usr/local
FUZZTIME ?= 1m
BENCHTIME ?= 1s
GOTESTFLAGS ?=
KERNELS ?= 5.10,6.1,6.12
# What depends on the kernel; emulated, everything else would take hours.
MASSES ?= ^Test(Hostile|Blind|Replayed|AnswersToAnother)
KERNELTESTS ?= ^Test(Bracket|AnswersOnTheWire|StackedDevices|TUN|VRF|NeighboursSeeEverything|AnswersByUplink|Chain|Timings|RungIsNamed|OtherUplink)$$
NFPM = github.com/goreleaser/nfpm/v2/cmd/nfpm@v2.43.0
STATICCHECK = honnef.co/go/tools/cmd/staticcheck@v0.8.2

# Tracing and most tests need root; the Go caches stay those of the caller.
SUDO := $(if $(filter 0,$(shell id -u)),,sudo -E env "PATH=$(PATH)")
VERSION ?= $(shell git describe --tags --always --dirty 2>/dev/null || echo unknown)
COMMIT  ?= $(shell git log -1 --format='%H of %cs' 2>/dev/null)
# What it was built from is said here and not found by Go, which makes the same program
# of the same source in every kind of work tree.
GOBUILD = CGO_ENABLED=0 $(GO) build -trimpath -buildvcs=false -ldflags '-s -w \
	-X github.com/ebpftrace/ebpftrace/cmd/cli.version=$(VERSION) -X "github.com/ebpftrace/ebpftrace/cmd/cli.revision=$(COMMIT)"'

.DEFAULT_GOAL := help
.PHONY: run build test race test-kernels test-arm64 test-delay test-deb accuracy bench fuzz lint generate install uninstall \
	share release deb image pictures clean help

run: build ## trace HOST=…, or with none through the built-in emulated network
ifeq ($(HOST),)
	$(SUDO) bin/ebpftrace lab -- ebpftrace $(ARGS) target.lab
else
	$(SUDO) bin/ebpftrace $(ARGS) $(HOST)
endif

build: ## build bin/ebpftrace
	$(GOBUILD) -o bin/ebpftrace ./cmd/ebpftrace

test: ## run every test
	$(SUDO) $(GO) test $(GOTESTFLAGS) ./...

race: ## run every test under the race detector (needs a C compiler)
	$(SUDO) $(GO) test -race ./...

test-kernels: ## boot Debian's kernels under qemu and test from end to end in each
	$(SUDO) $(GO) run ./cmd/boot -kernel $(KERNELS) -test ./bpf -- -test.short -test.v -test.skip '$(MASSES)'
	$(SUDO) $(GO) run ./cmd/boot -kernel $(KERNELS) -timeout 15m -test ./loader,./cmd/cli -tool nft -- \
	  -test.short -test.v -test.run '$(KERNELTESTS)'

test-delay: ## hold round-trip times against delays that netem makes, in a booted kernel
	$(SUDO) env CI=1 EBPFTRACE_TEST_DELAY=1 $(GO) test -count=1 -v -run TestKnownDelay ./cmd/boot/delay

accuracy: build ## prove round-trip times with tcpdump on both ends of a link (ARGS=-quick)
	$(GO) build -o bin/accuracy ./cmd/accuracy
	$(SUDO) bin/accuracy -ebpftrace bin/ebpftrace $(ARGS)

bench: build ## cost of each eBPF program, throughput, and a whole trace beside its peers
	$(SUDO) $(GO) test -run '^$$' -bench . -benchmem -benchtime $(BENCHTIME) ./...

# Targets side by side, each on one CPU, take half as long as one after the other.
# Before Go 1.27 the end of FUZZTIME itself may be reported as a failure
# (go.dev/issue/75804); a real one says where its input was written.
define fuzz-one
out=$$(mktemp); trap "rm -f $$out" EXIT; echo "== $$0 $$1"; \
	$(GO) test -run "^$$" -fuzz "^$$1\$$" -fuzztime $(FUZZTIME) -fuzzminimizetime 1x -parallel 1 "$$0" >"$$out" 2>&1 && { tail -n 3 "$$out"; exit; }; \
	grep -q "^ *context deadline exceeded$$" "$$out" && ! grep -q "Failing input written" "$$out" || { cat "$$out"; exit 1; }; \
	echo "$$1: the end of its time came as a failure, without an input that fails: go.dev/issue/75804"
endef

fuzz: ## run each fuzz target for FUZZTIME (1m, or 20000x)
	@$(GO) list ./... | while read -r pkg; do \
	  $(GO) test -list '^Fuzz' "$$pkg" | sed -n "s|^\(Fuzz.*\)|$$pkg \1|p"; done | \
	  $(SUDO) xargs -P "$$(nproc)" -n 2 sh -ec '$(fuzz-one)'

lint: ## formatting, vet and staticcheck
	@unformatted=$$(gofmt -l bpf cmd loader tracer); test -z "$$unformatted" || { echo "gofmt: $$unformatted"; exit 1; }
	$(GO) vet ./...
	$(GO) run $(STATICCHECK) ./...

generate: ## regenerate vmlinux.h and the eBPF objects (needs clang-19, llvm-19, bpftool, libbpf-dev)
	bpf/vmlinux.sh > vmlinux.h.new && mv vmlinux.h.new vmlinux.h
	$(GO) generate ./bpf

# What comes with the program, as the program itself writes it.
share: build
	mkdir -p bin/share
	bin/ebpftrace man | gzip -9n >bin/share/ebpftrace.1.gz
	for shell in bash zsh fish; do bin/ebpftrace completion $$shell >bin/share/$$shell || exit; done

PROGRAM = $(DESTDIR)$(PREFIX)/bin/ebpftrace
SHARE = $(DESTDIR)$(PREFIX)/share
MANPAGE = $(SHARE)/man/man1/ebpftrace.1.gz
BASHCOMP = $(SHARE)/bash-completion/completions/ebpftrace
ZSHCOMP = $(SHARE)/zsh/site-functions/_ebpftrace
FISHCOMP = $(SHARE)/fish/vendor_completions.d/ebpftrace.fish

install: build share ## install to PREFIX with the capabilities it needs, man page and completions
	$(SUDO) install -D -m 0755 bin/ebpftrace '$(PROGRAM)'
	$(SUDO) setcap cap_bpf,cap_perfmon,cap_net_admin,cap_net_raw+ep '$(PROGRAM)'
	$(SUDO) install -D -m 0644 bin/share/ebpftrace.1.gz '$(MANPAGE)'
	$(SUDO) install -D -m 0644 bin/share/bash '$(BASHCOMP)'
	$(SUDO) install -D -m 0644 bin/share/zsh '$(ZSHCOMP)'
	$(SUDO) install -D -m 0644 bin/share/fish '$(FISHCOMP)'

uninstall: ## remove what install put to PREFIX
	$(SUDO) rm -f '$(PROGRAM)' '$(MANPAGE)' '$(BASHCOMP)' '$(ZSHCOMP)' '$(FISHCOMP)'

# The time of the commit stands for the time of the build, so that both come out the
# same again.
export SOURCE_DATE_EPOCH ?= $(shell git log -1 --format=%ct 2>/dev/null || echo 0)
DEBVERSION ?= $(shell .packaging/debversion '$(VERSION)' $(SOURCE_DATE_EPOCH))
ARCHS ?= amd64 arm64
RELEASE ?= bin/release

release: ## build static programs for amd64 and arm64, each with its SBOM (SPDX), in bin/release
	mkdir -p $(RELEASE)
	for arch in $(ARCHS); do file=$(RELEASE)/ebpftrace-linux-$$arch; \
	  GOOS=linux GOARCH=$$arch $(GOBUILD) -o $$file ./cmd/ebpftrace && \
	  $(GO) run ./cmd/pack sbom $$file $(VERSION) >$$file.spdx.json || exit; done
	cd $(RELEASE) && sha256sum ebpftrace-linux-* >SHA256SUMS

deb: release share ## make Debian packages of the release, in bin/release
	.packaging/changelog '$(DEBVERSION)' $(SOURCE_DATE_EPOCH) '$(COMMIT)' | gzip -9n >bin/share/changelog.gz
	for arch in $(ARCHS); do \
	  $(GO) run ./cmd/pack licenses $(RELEASE)/ebpftrace-linux-$$arch $(VERSION) | gzip -9n >bin/share/licenses-$$arch.gz && \
	  ARCH=$$arch DEBVERSION='$(DEBVERSION)' RELEASE='$(RELEASE)' $(GO) run $(NFPM) package -f .packaging/nfpm.yaml -p deb -t $(RELEASE) || exit; done

ENGINE ?= docker
IMAGE ?= ebpftrace
IMAGEARCH ?= $(shell $(GO) env GOARCH)
image: ## build a container image of the static program, by ENGINE=docker or podman, for IMAGEARCH
	$(MAKE) release ARCHS=$(IMAGEARCH) RELEASE=bin/image
	$(ENGINE) build -f .docker/Dockerfile --platform linux/$(IMAGEARCH) --build-arg TARGETARCH=$(IMAGEARCH) \
	  --build-arg VERSION='$(VERSION)' -t '$(IMAGE)' bin/image

# Needs debootstrap, lintian and qemu-system-arm.
test-deb: ## install the package in a new Debian 12, trace, remove it; trace with that for arm64; build twice
	rm -rf bin/test-deb
	$(MAKE) deb RELEASE=bin/test-deb
	$(SUDO) env EBPFTRACE_TEST_DEB=$(CURDIR)/bin/test-deb \
	  $(GO) test -count=1 -v -timeout 30m -run '^Test(Deb|Lintian|ARM64|Reproducible)$$' ./cmd/pack

ARM64KERNELS ?= 6.1,6.12
test-arm64: ## as test-kernels, for arm64 (needs qemu-system-arm)
	$(SUDO) $(GO) run ./cmd/boot -arch arm64 -kernel $(ARM64KERNELS) -test ./bpf -- -test.short -test.v -test.skip '$(MASSES)'
	$(SUDO) $(GO) run ./cmd/boot -arch arm64 -kernel $(ARM64KERNELS) -timeout 15m -test ./loader,./cmd/cli -- \
	  -test.short -test.v -test.run '$(KERNELTESTS)'

pictures: build ## draw the README's pictures from new runs (needs tmux, jq, termtosvg, chromium)
	$(SUDO) .pictures/draw

clean: ## remove what was built
	rm -rf bin

help: ## list the targets
	@sed -n 's/^\([a-z0-9-]*\):.*## \(.*\)/  make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 22
