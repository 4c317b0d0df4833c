# `make run` starts the whole cloud on this machine; `make test` proves everything. Each target says how many seconds it took,
# and has a budget, past which it fails: three times what it takes on two cores and more, so that a slow machine passes and
# what hangs ends.

.DEFAULT_GOAL := test
.PHONY: run build test lint generated unit fuzz web web/dist e2e chromium e2e-web generate conformance faults bench-uploads bench-local bench-render bench-dynamodb bench-feed bench-deploy bench-web bench-users clean

GO ?= go

# The decoders of HEIC, AVIF and WebP come as WebAssembly. Without this tag they look for the same libraries on the machine
# first, which links the program to its C library and takes 15 MB.
export GOFLAGS += -tags=nodynamic

within := .ci/within

run: build ## the whole cloud, in one process on loopback
	@bin/darkroom run

build:
	@$(within) 600 build $(GO) build -o bin/darkroom ./cmd/darkroom

test: lint generated unit fuzz stack web e2e e2e-web ## everything that CI runs

lint:
	@$(within) 120 gofmt sh -c 'out=$$(gofmt -l .); test -z "$$out" || { echo "not gofmt-ed: $$out"; exit 1; }'
	@$(within) 900 vet $(GO) vet ./...
	@$(within) 900 staticcheck $(GO) tool staticcheck ./...

generated: ## generated files are what their sources generate
	@$(within) 400 generated .ci/generated

unit: e2e/node_modules chromium ## with the DynamoDB oracle from e2e, where it can be had
	@command -v exiftool >/dev/null || echo "exiftool is not here (apt-get install libimage-exiftool-perl): facts are not compared with it"
	@$(within) 1500 unit .ci/unit $(GO) test -json -race -timeout 24m ./...

web: web/node_modules ## type-check and test the web client, and prove that what is embedded is what it makes
	@$(within) 500 web sh -c 'cd web && npm test --silent'
	@$(within) 500 built .ci/built

web/dist: web/node_modules ## build the web client and the playground; both are committed, so that Go alone builds the rest
	cd web && npm run build --silent

fuzz: ## what strangers feed us, as no client and no camera would write it
	@$(within) 900 fuzz .ci/fuzz 4000

e2e: build web e2e/node_modules ## real clients against the built binary
	@$(within) 1200 e2e sh -c 'cd e2e && npm test --silent'

chromium: e2e/node_modules ## installed where that is allowed; else what to do is said, and it fails
	@$(within) 900 chromium node e2e/web/chromium.mjs

e2e-web: build chromium web/node_modules e2e/node_modules ## the web client and the playground in Chromium
	@$(within) 900 e2e-web sh -c 'cd e2e && npm run test:web --silent'

deploy/node_modules e2e/node_modules web/node_modules bench/users/node_modules: %/node_modules: %/package-lock.json
	@command -v npm >/dev/null || { echo "make $* needs Node 20 or newer with npm: https://nodejs.org"; exit 1; }
	@$(within) 900 npm sh -c 'cd $* && npm ci --no-progress --fetch-retries 5' && touch $@

# ---- On AWS: docs/deploy.md

STAGE ?= dev
PARAMS ?=
.PHONY: stack package deploy smoke remove key cost

stack: deploy/node_modules deploy/.venv/installed ## the template, judged by cfn-lint, and deployed to an imitated AWS
	@$(within) 600 stack deploy/.venv/bin/python -m unittest discover -s deploy/check

deploy/.venv/installed: deploy/check/requirements.txt
	@command -v python3 >/dev/null || { echo "make stack needs Python 3.10 or newer, with venv: https://python.org"; exit 1; }
	@$(within) 900 venv sh -c 'rm -rf deploy/.venv && python3 -m venv deploy/.venv && \
		deploy/.venv/bin/pip install -q --disable-pip-version-check --no-compile -r $<' || \
		{ echo "make stack needs cfn-lint and moto from PyPI; this failed: deploy/.venv/bin/pip install -r $<"; exit 1; }
	@touch $@

package: deploy/node_modules ## the functions' zips and the template, without network or credentials; PARAMS are osls's flags
	@$(within) 600 zips $(GO) run ./deploy/zips
	@AWS_EC2_METADATA_DISABLED=true deploy/node_modules/.bin/osls package --stage $(STAGE) $(PARAMS)

deploy: package ## to the account that the AWS command line knows, as STAGE
	@deploy/up $(STAGE) $(PARAMS)

smoke: build ## a picture becomes READY in STAGE; STAGE=local is the cloud of make run
	@deploy/smoke $(STAGE)

remove: deploy/node_modules ## the stack of STAGE, after a question; DATA=delete with all that is in it
	@DATA=$(DATA) deploy/remove $(STAGE)

key: ## the keys by which STAGE's renditions come from CloudFront
	@deploy/key $(STAGE)

cost: ## what a deployment costs, as docs/deploy.md says it
	@$(GO) run ./bench/cost

generate: ## everything that is written from schema.graphqls: graph/, AppSync's schema, its resolvers' list, the documents
	$(GO) run ./internal/generate
	$(GO) test ./internal/export -run Generated -update

conformance: e2e/node_modules ## one suite against our DynamoDB and, on linux-x64, dynoxide
	$(GO) test -count=1 -v ./internal/local/dynamodb/conformance

faults: ## thousands of worlds that fail, each from another seed, and the other tests that chance decides, by other chances
	$(GO) test -count=1 -timeout 60m ./internal/faults -seeds 5000 -seed $${SEED:-1000}
	$(GO) test -count=1 ./functions/publish -run Simulation -seed 0 -steps 100000
	$(GO) test -count=1 ./internal/local/dynamodb/conformance -run RandomRequests -seed 0 -steps 20000
	$(GO) test -count=1 ./cmd/darkroom -run 'Killed|BadNetwork' -kill-seed 0 -kills 30 -network-seed 0

bench-dynamodb: e2e/node_modules ## our DynamoDB beside dynoxide; writes bench/out/dynamodb.json
	$(GO) run ./bench/dynamodb

bench-local: ## the local cloud beside PocketBase; writes bench/out/local.json
	$(GO) run ./bench/local

bench-feed: ## one change to thousands of subscribers, beside PocketBase; writes bench/out/feed.json
	$(GO) run ./bench/feed

bench-users: bench/users/node_modules ## verifying tokens beside aws-jwt-verify, signing in beside PocketBase; writes bench/out/users.json
	$(GO) run ./bench/users

bench-uploads: ## a folder of photos uploaded, beside PocketBase, and one that is there skipped; writes bench/out/uploads.json
	$(GO) run ./bench/uploads

bench-web: e2e/node_modules ## the web client in Chromium, beside PocketBase's dashboard; writes bench/out/web.json
	$(GO) run ./bench/web

bench-render: ## developing photographs beside sharp; needs Node; writes bench/out/render.json
	$(GO) run ./bench/render

bench-deploy: ## the functions as they are deployed, beside apollo-server and sharp on Node; writes bench/out/deploy.json
	$(GO) run ./bench/deploy

clean:
	rm -rf bin bench/out .serverless deploy/.venv deploy/node_modules web/build web/node_modules e2e/node_modules bench/render/node_modules bench/users/node_modules
