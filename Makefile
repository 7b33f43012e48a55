# coexsync. `make run` shows it at work, `make test` proves it, `make` builds build/coexsync.
# Nothing is installed by hand: `make deps` does it, and run and test call it.

VERSION := 0.1.0
FLAVOUR ?= release
PREFIX  ?= /usr/local

B := build/$(FLAVOUR)
PROGRAM := $(if $(filter release,$(FLAVOUR)),build/coexsync,$(B)/coexsync)

CC ?= cc
PKGS := json-c libpq libcurl libarchive zlib libzstd libcrypto
PKG_CONFIG ?= pkg-config
PKG_CFLAGS = $(shell $(PKG_CONFIG) --cflags $(PKGS))
PKG_LIBS   = $(shell $(PKG_CONFIG) --libs $(PKGS)) -lpthread

# `make WERROR=` where a compiler of tomorrow warns of more
WERROR ?= -Werror
WARN = -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wstrict-prototypes -Wmissing-prototypes $(WERROR)
# the compiler of some systems has a level of its own, and so may who builds
FORTIFY = $(if $(findstring _FORTIFY_SOURCE,$(CPPFLAGS) $(CFLAGS)),,-U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2)
FLAGS_release = -O2 -g -fstack-protector-strong $(FORTIFY) -fPIE
LINK_release  := -pie -Wl,-z,relro,-z,now
FLAGS_asan := -O1 -g -fsanitize=address,undefined -fno-sanitize-recover=undefined -fno-omit-frame-pointer
LINK_asan  := -fsanitize=address,undefined
FLAGS_tsan := -O1 -g -fsanitize=thread -fno-omit-frame-pointer
LINK_tsan  := -fsanitize=thread
FLAGS_cov := -O0 -g --coverage
LINK_cov  := --coverage

# libFuzzer: clang only
FLAGS_fuzz := -O1 -g -fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=undefined \
	-fno-omit-frame-pointer
LINK_fuzz  := -fsanitize=fuzzer,address,undefined
ifeq ($(FLAVOUR),fuzz)
CC := clang
endif

# files beyond 2 GiB on machines of 32 bits, too
ALL_CFLAGS = -std=c17 -D_GNU_SOURCE -D_FILE_OFFSET_BITS=64 -DCOEXSYNC_VERSION='"$(VERSION)"' $(WARN) \
	$(FLAGS_$(FLAVOUR)) -Isrc -I$(B)/gen $(PKG_CFLAGS) -MMD -MP $(CPPFLAGS) $(CFLAGS)
ALL_LDFLAGS = $(LINK_$(FLAVOUR)) $(CFLAGS) $(LDFLAGS)

ROOMS := base model rules source decode batch store graph bundle report server pipeline cli
SRC := $(foreach r,$(ROOMS),$(sort $(wildcard src/$(r)/*.c)))
OBJ := $(SRC:%.c=$(B)/%.o) $(B)/gen/sql_texts.o
# what every room may use
COMMON_OBJ := $(foreach r,base model rules,$(patsubst %.c,$(B)/%.o,$(sort $(wildcard src/$(r)/*.c))))

SQL_FILES := $(sort $(wildcard sql/*.sql)) $(sort $(wildcard migrations/*.sql))
UNIT := $(patsubst tests/unit/%.c,$(B)/tests/%,$(sort $(wildcard tests/unit/test_*.c)))
TOOLS := $(patsubst tests/tools/%.c,$(B)/tools/%,$(sort $(wildcard tests/tools/*.c)))
FUZZ := $(patsubst tests/fuzz/%.c,$(B)/tests/%,$(sort $(wildcard tests/fuzz/fuzz_*.c)))
PROPERTY_OBJ := $(patsubst %.c,$(B)/%.o,$(sort $(wildcard tests/property/*.c)))

# what could not be made whole is made again
.DELETE_ON_ERROR:

.PHONY: all
all: $(PROGRAM)

$(PROGRAM): $(OBJ)
	@mkdir -p $(@D)
	@echo "  link $@"; $(CC) $(ALL_LDFLAGS) -o $@ $^ $(PKG_LIBS)

$(B)/%.o: %.c $(B)/gen/sql_texts.h
	@mkdir -p $(@D)
	@echo "  cc $@"; $(CC) $(ALL_CFLAGS) -c -o $@ $<

# Statements and migrations as byte lists: ISO C promises only 4,095 characters a literal.
$(B)/gen/sql_texts.h $(B)/gen/sql_texts.c &: src/store/embed_sql.sh $(SQL_FILES)
	@mkdir -p $(@D)
	@sh src/store/embed_sql.sh $(B)/gen $(SQL_FILES)

$(B)/gen/sql_texts.o: $(B)/gen/sql_texts.c
	@echo "  cc $@"; $(CC) $(ALL_CFLAGS) -c -o $@ $<

# A unit test links its room and what every room may use, nothing else.
room_of = $(firstword $(subst _, ,$(patsubst fuzz_%,%,$(patsubst test_%,%,$(notdir $(1))))))
room_objects = $(patsubst %.c,$(B)/%.o,$(sort $(wildcard src/$(call room_of,$(1))/*.c)))
.SECONDEXPANSION:
$(B)/tests/test_%: tests/unit/test_%.c $(COMMON_OBJ) \
	$$(call room_objects,$$@)
	@mkdir -p $(@D)
	@echo "  link $@"; $(CC) $(ALL_CFLAGS) $(ALL_LDFLAGS) -o $@ $(sort $(filter %.c %.o,$^)) $(PKG_LIBS) -lcmocka

$(B)/tests/fuzz_%: tests/fuzz/fuzz_%.c $(COMMON_OBJ) \
	$$(call room_objects,$$@)
	@mkdir -p $(@D)
	@echo "  link $@"; $(CC) $(ALL_CFLAGS) $(ALL_LDFLAGS) -o $@ $(sort $(filter %.c %.o,$^)) $(PKG_LIBS)

$(B)/tools/%: tests/tools/%.c $(COMMON_OBJ)
	@mkdir -p $(@D)
	@echo "  link $@"; $(CC) $(ALL_CFLAGS) $(ALL_LDFLAGS) -o $@ $(filter %.c %.o,$^) $(PKG_LIBS)

$(B)/tools/fakegraph: PKG_LIBS += -lmicrohttpd

$(B)/bench/%: tests/bench/%.c $(COMMON_OBJ)
	@mkdir -p $(@D)
	@echo "  link $@"; $(CC) $(ALL_CFLAGS) $(ALL_LDFLAGS) -o $@ $(filter %.c %.o,$^) $(PKG_LIBS)

$(B)/tools/property: $(PROPERTY_OBJ) $(COMMON_OBJ)
	@mkdir -p $(@D)
	@echo "  link $@"; $(CC) $(ALL_LDFLAGS) -o $@ $^ $(PKG_LIBS)

.PHONY: units tools fuzzers syntax
units: $(UNIT)
fuzzers: $(FUZZ)
tools: $(TOOLS) $(B)/tools/property
# What a compiler says of all that is written, and nothing is made: `make syntax CC=clang`.
syntax: $(B)/gen/sql_texts.h
	@$(CC) -fsyntax-only $(filter-out -MMD -MP,$(ALL_CFLAGS)) $(SRC) $(sort $(wildcard tests/*/*.c))

export MESSAGES RUNS SEED GROWTH FILES SIZE KILLS

# ---- what a newcomer calls ---------------------------------------------------------------------

.PHONY: deps
deps:
	@sh tests/tools/deps.sh

PAYLOADS ?= fixtures/activation
RUN_FLAGS ?= $(if $(filter fixtures/activation,$(PAYLOADS)),\
	--onboarded-at=2026-03-01T09:00:00Z --as-of=2026-03-02T09:00:00Z)
RUN_NAME = $(notdir $(patsubst %/,%,$(PAYLOADS)))
# a database for the fixture, others for a user's own files
RUN_PG = build/run/$(if $(filter fixtures/activation,$(PAYLOADS)),pg,$(RUN_NAME).pg)

# the files of the fixture come from a made-up API, {graph} is where it listens
RUN_WITH = $(if $(filter fixtures/activation,$(PAYLOADS)),$(B)/tools/fakegraph --)
RUN_FILES = $(if $(RUN_WITH),--graph-url={graph} --media-dir=build/run/media --rate=0)

.PHONY: run
run: deps
	@$(MAKE) --no-print-directory all $(if $(RUN_WITH),$(B)/tools/fakegraph)
	@mkdir -p build/run
	$(RUN_WITH) ./$(PROGRAM) run $(PAYLOADS) --embedded=$(RUN_PG) $(RUN_FLAGS) $(RUN_FILES) \
		-o build/run/$(RUN_NAME).tar.gz

# The page of the report is looked at in a browser where there can be one. npm may have come from
# elsewhere than Debian: what is there is not installed over.
BROWSER_DEPS = $(foreach p,chromium npm,$(if $(shell command -v $(p)),,$(p)))
.PHONY: test
test: deps
	@sh tests/tools/deps.sh $(BROWSER_DEPS) || echo 'test: no browser, its tests will be skipped'
	@bash tests/run.sh

# Ratios, measured in one run. bench: import against its floor and other ways, for each size
# [MESSAGES=100000,1000000] [RUNS=5] [GROWTH=1: into a database that holds millions already];
# bench-order: the same payloads in another order; bench-views: reading what was imported;
# bench-report: judging it; bench-media: files against curl --parallel [FILES=10000] [SIZE=51200]
BENCHES := bench bench-order bench-views bench-report bench-media
BENCH_DEPS := python3 python3-psycopg
.PHONY: $(BENCHES)
bench: BENCH := import
bench: bench-deps
bench-order: BENCH := order
bench-views: BENCH := views
bench-report: BENCH := report
bench-media: BENCH := media
$(BENCHES): deps
	@$(MAKE) --no-print-directory all tools $(B)/bench/floor
	@bash tests/bench/$(BENCH).sh

# what only its peers need: without it they are skipped
.PHONY: bench-deps
bench-deps: deps
	@sh tests/tools/deps.sh $(BENCH_DEPS) || echo 'bench: some peers will be missing'

# The same facts and judgements however payloads are given: make property [CASES=1000] [SEED=N]
CASES ?= 1000
.PHONY: property
property: deps
	@$(MAKE) --no-print-directory all tools
	@bash tests/property/run.sh --cases $(CASES) $(if $(SEED),--seed $(SEED))

# Hostile bytes, [SECONDS=60] a target, beginning with what is in tests/fuzz/corpus; make test only
# runs that. New finds are kept in build/fuzz/corpus, crashes in build/fuzz.
SECONDS ?= 60
.PHONY: fuzz
fuzz: deps
	@$(MAKE) --no-print-directory FLAVOUR=fuzz fuzzers
	@bash tests/fuzz/run.sh soak $(SECONDS)

# Every merge rule turned round, one by one: its test must notice. NAME... as MUTANTS
.PHONY: mutants
mutants: deps
	@$(MAKE) --no-print-directory all
	@bash tests/mutants/run.sh $(MUTANTS)

# All scenarios and faults with 1, 2 and 4 writers; properties draw 1 to 4 by themselves.
.PHONY: writers
writers: deps
	@for n in 1 2 4; do echo "$$n writers"; WRITERS=$$n bash tests/run.sh scenario fault || exit 1; done
	@bash tests/run.sh property

# What needs a server, on other versions of PostgreSQL than the one that is installed
VERSIONS ?= 14 16 17 18
.PHONY: versions
versions: deps
	@for n in $(VERSIONS); do echo "PostgreSQL $$n"; \
		bash tests/tools/version.sh $$n bash tests/run.sh sql/ scenario/ fault/ property/ || exit 1; done

# No two threads meet in the same memory, under ThreadSanitizer. That of gcc 12 cannot live with as
# much randomness of addresses as newer kernels have.
.PHONY: races
races: deps
	@$(MAKE) --no-print-directory tools
	@$(MAKE) --no-print-directory FLAVOUR=tsan all
	@COEXSYNC="$(CURDIR)/build/tsan/coexsync" $$(setarch -R true 2>/dev/null && echo setarch -R) bash tests/races/run.sh

.PHONY: lint
lint:
	@bash tests/lint.sh

.PHONY: format
format:
	clang-format -i $(wildcard src/*/*.[ch] tests/*/*.[ch])

.PHONY: install
install: $(PROGRAM)
	install -D -m 755 $(PROGRAM) "$(DESTDIR)$(PREFIX)/bin/coexsync"
	install -D -m 644 docs/coexsync.1 "$(DESTDIR)$(PREFIX)/share/man/man1/coexsync.1"

.PHONY: clean
clean:
	rm -rf build

-include $(OBJ:.o=.d) $(UNIT:=.d) $(FUZZ:=.d) $(TOOLS:=.d) $(PROPERTY_OBJ:.o=.d)
