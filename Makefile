# vidgen: `make` builds ./vidgen, `make demo` makes a video, `make test` runs all tests. `make help` lists the rest; V=1 shows commands.

ifeq ($(origin CC),default)
CC := gcc
endif
BUILD   ?= build
PREFIX  ?= /usr/local
DESTDIR ?=
Q := $(if $(V),,@)
SAY := $(if $(V)$(findstring s,$(filter-out -% V=%,$(firstword $(MAKEFLAGS)))),@:,@echo)

PKGS := libcurl libcjson libavformat libavcodec libswscale libswresample libavutil libcrypto \
        yaml-0.1 sqlite3 espeak-ng pangocairo pangoft2 librsvg-2.0 libebur128 lcms2 libheif zlib
WARN := -Wall -Wextra -Wshadow -Wpointer-arith -Wstrict-prototypes -Wmissing-prototypes -Wwrite-strings \
        -Wvla -Wformat=2 -Wundef -Wimplicit-fallthrough -Wnull-dereference -Wdouble-promotion
HARD := -fstack-protector-strong -fstack-clash-protection -fPIE -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2
OPT  ?= -O2 -g
# -ffp-contract=off: the same picture whether or not the machine has fused multiply-add
CFLAGS   += -std=c11 $(OPT) $(WARN) $(if $(SANITIZE),$(SANITIZE),$(HARD)) -ffp-contract=off -fno-math-errno -pthread
CPPFLAGS += -D_GNU_SOURCE -I. -I$(BUILD) $(shell pkg-config --cflags-only-I $(PKGS) 2>/dev/null | sed 's/-I/-isystem /g')
LDFLAGS  += $(if $(SANITIZE),$(SANITIZE),-pie -Wl,-z,relro,-z,now) -pthread
LDLIBS   += $(shell pkg-config --libs $(PKGS) 2>/dev/null) -lhyphen -lm

LIB_SRC  := $(wildcard gen/base/*.c gen/*.c gen/*/*.c api/*.c compose/*.c compose/*/*.c) \
            $(filter-out cmd/main.c,$(wildcard cmd/*.c))
LIB_SRC  := $(sort $(LIB_SRC))
LIB_OBJ  := $(LIB_SRC:%.c=$(BUILD)/%.o) $(BUILD)/data/embedded.o
UNIT_SRC := $(wildcard tests/unit/*.c)
UNIT_BIN := $(UNIT_SRC:tests/unit/%.c=$(BUILD)/tests/%)
SUP_SRC  := $(wildcard tests/support/*.c)
SUP_OBJ  := $(SUP_SRC:%.c=$(BUILD)/%.o)
TOOL_SRC := $(wildcard tests/tools/*.c)
TOOL_BIN := $(TOOL_SRC:tests/tools/%.c=$(BUILD)/tools/%)

.PHONY: all demo test check asan lint torture torture-kill bench bench-compose bench-fetch bench-batch deb format docs install clean setup help unit tools
.SECONDARY:

all: vidgen

vidgen: $(BUILD)/vidgen
	@ln -f $< $@ 2>/dev/null || cp -f $< $@

$(BUILD)/vidgen: $(BUILD)/cmd/main.o $(BUILD)/libvidgen.a
	$(SAY) "link $@"
	$(Q)$(CC) $(LDFLAGS) -o $@ $^ $(LDLIBS)

$(BUILD)/libvidgen.a: $(LIB_OBJ)
	@rm -f $@
	@ar crs $@ $^

$(BUILD)/%.o: %.c | flags-$(BUILD)
	@mkdir -p $(@D)
	$(SAY) "$(CC) $<"
	$(Q)$(CC) $(CPPFLAGS) $(CFLAGS) -MMD -MP -c -o $@ $<

# Files that travel inside the binary: provider descriptions, the commented default config, the parts of report.html.
EMBED := $(sort $(wildcard api/providers/*.yaml cmd/report/*)) $(wildcard api/prices.yaml config.yaml)
$(BUILD)/data/embedded.c: $(EMBED) tests/embed.awk | flags-$(BUILD)
	@mkdir -p $(@D)
	@awk -f tests/embed.awk $(EMBED) > $@
$(BUILD)/data/embedded.o: $(BUILD)/data/embedded.c
	$(Q)$(CC) $(CPPFLAGS) $(CFLAGS) -c -o $@ $<

# A change of flags rebuilds everything.
.PHONY: flags-$(BUILD)
flags-$(BUILD):
	@mkdir -p $(BUILD)
	@echo '$(CC) $(CPPFLAGS) $(CFLAGS)' | cmp -s - $(BUILD)/flags || { rm -rf $(BUILD)/*; echo '$(CC) $(CPPFLAGS) $(CFLAGS)' > $(BUILD)/flags; }

$(BUILD)/tests/%: $(BUILD)/tests/unit/%.o $(SUP_OBJ) $(BUILD)/libvidgen.a
	@mkdir -p $(@D)
	$(Q)$(CC) $(LDFLAGS) -o $@ $^ $(LDLIBS) -lcmocka -lmicrohttpd
# Tools have a main() of their own, so they take from the support code only what they name.
$(BUILD)/libsupport.a: $(SUP_OBJ)
	@rm -f $@
	@ar crs $@ $^
$(BUILD)/tools/%: $(BUILD)/tests/tools/%.o $(BUILD)/libsupport.a $(BUILD)/libvidgen.a
	@mkdir -p $(@D)
	$(Q)$(CC) $(LDFLAGS) -o $@ $^ $(LDLIBS) -lcmocka -lmicrohttpd

unit: $(UNIT_BIN)
tools: $(TOOL_BIN)

setup:
	@./setup.sh

demo: setup
	@$(MAKE) --no-print-directory vidgen
	@./tests/demo.sh

test:
	@./setup.sh test
	@$(MAKE) --no-print-directory check

# The tests without the set-up, for those who have everything: make check [ONLY=pattern]
check: vidgen $(UNIT_BIN) $(TOOL_BIN)
	@BUILD=$(BUILD) ./tests/run.sh $(ONLY)

asan:
	@$(MAKE) --no-print-directory BUILD=build/asan OPT='-O1 -g' SANITIZE='-fsanitize=address,undefined -fno-sanitize-recover=undefined -fno-omit-frame-pointer' check

lint:
	@./setup.sh lint
	@./tests/lint.sh

# Many lessons with faults and kills; a run that is killed again and again (KILLS=2000 takes half an hour, or more).
torture: vidgen tools
	@BUILD=$(BUILD) LESSONS=$${LESSONS:-200} DRIPS=1 sh tests/whole/torture.sh
torture-kill: vidgen tools
	@BUILD=$(BUILD) KILLS=$${KILLS:-200} sh tests/whole/killed.sh

bench: vidgen
	@./tests/bench/render.sh

bench-compose: vidgen
	@./setup.sh bench
	@$(MAKE) --no-print-directory tools
	@BUILD=$(BUILD) ./tests/bench/compose.sh $(PARTS)

bench-fetch: vidgen
	@./setup.sh bench
	@$(MAKE) --no-print-directory tools
	@BUILD=$(BUILD) ./tests/bench/fetch.sh $(PARTS)

bench-batch: vidgen
	@tests/bench/batch.sh $(PARTS)

format:
	clang-format -i $$(git ls-files '*.c' '*.h')

# The tables in docs/ are written by the program from its own.
docs: vidgen
	@./docs/update.sh

# The manual page and the completions are written by the program from its own tables.
# An installable Debian package, out of what `make install` installs.
deb: vidgen
	@BUILD=$(BUILD) ./packaging/deb.sh

install: vidgen
	@mkdir -p $(BUILD)/share
	./vidgen manual > $(BUILD)/share/vidgen.1
	for shell in bash zsh fish; do ./vidgen completion $$shell > $(BUILD)/share/completion.$$shell || exit 1; done
	install -D -m 755 vidgen $(DESTDIR)$(PREFIX)/bin/vidgen
	install -D -m 644 $(BUILD)/share/vidgen.1 $(DESTDIR)$(PREFIX)/share/man/man1/vidgen.1
	for c in $$(./vidgen manual commands); do ./vidgen manual $$c > $(BUILD)/share/vidgen-$$c.1 && \
	    install -D -m 644 $(BUILD)/share/vidgen-$$c.1 $(DESTDIR)$(PREFIX)/share/man/man1/vidgen-$$c.1 || exit 1; done
	install -D -m 644 $(BUILD)/share/completion.bash $(DESTDIR)$(PREFIX)/share/bash-completion/completions/vidgen
	install -D -m 644 $(BUILD)/share/completion.zsh $(DESTDIR)$(PREFIX)/share/zsh/site-functions/_vidgen
	install -D -m 644 $(BUILD)/share/completion.fish $(DESTDIR)$(PREFIX)/share/fish/vendor_completions.d/vidgen.fish
	install -D -m 644 config.yaml $(DESTDIR)$(PREFIX)/share/vidgen/config.yaml
	install -d $(DESTDIR)$(PREFIX)/share/vidgen/providers
	set -- api/providers/*.yaml; [ ! -f "$$1" ] || install -m 644 "$$@" $(DESTDIR)$(PREFIX)/share/vidgen/providers/

clean:
	rm -rf build vidgen

help:
	@echo 'make            build ./vidgen'
	@echo 'make demo       install what is missing, build, render lesson 1 of examples/vlsi'
	@echo 'make test       install what is missing, build, run all tests (make check: without installing)'
	@echo 'make asan       the tests under AddressSanitizer and UBSan'
	@echo 'make lint       clang-tidy, cppcheck, both compilers, layering'
	@echo 'make torture    200 lessons with faults and kills (LESSONS=); make torture-kill: kills at any moment (KILLS=, SEED=)'
	@echo 'make bench      speed of rendering, as ratios'
	@echo 'make bench-compose  films beside those of other programs (PARTS="speed peers workers memory scaling sound edit", CASES=)'
	@echo 'make bench-fetch  fetching against its bounds, beside other designs (PARTS="classic order scale limits faults")'
	@echo 'make bench-batch  memory by number and length of lessons, 1,000 that are up to date (PARTS="many long")'
	@echo 'make format     clang-format over the tree'
	@echo 'make docs       the tables in docs/ written anew'
	@echo 'make install    PREFIX=/usr/local DESTDIR='
	@echo 'make deb        an installable Debian package in $(BUILD)/'

-include $(LIB_OBJ:.o=.d) $(BUILD)/cmd/main.d $(SUP_OBJ:.o=.d) $(UNIT_SRC:%.c=$(BUILD)/%.d) $(TOOL_SRC:%.c=$(BUILD)/%.d)
