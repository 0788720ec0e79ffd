# Front of what scripts/prepare, cargo, vireo-lab and `cargo xtask` do. Variables: see README.md.

SHELL := /bin/bash
.DEFAULT_GOAL := help
.PHONY: help prepare build run test soak fuzz bench install clean-lab

VIREO_HOME ?= $(CURDIR)/.vireo
VIREO_PORT ?= 8443
HOSTS ?= 1
SIM_HOSTS ?=
SIM_VMS ?=
VIREO_ACCEL ?= auto
SOAK_MINUTES ?= 30
FUZZ_MINUTES ?= 10
FUZZ_TARGET ?=
DESTDIR ?=
PREFIX ?= /usr/local
TARGET := $(abspath $(or $(CARGO_TARGET_DIR),target))
export CARGO_TARGET_DIR := $(TARGET)

# Only where this is not root; the build itself runs as you.
ROOT := $(if $(filter 0,$(shell id -u)),,sudo)
LAB := $(ROOT) scripts/own-root env VIREO_HOME='$(VIREO_HOME)' VIREO_PORT='$(VIREO_PORT)' HOSTS='$(HOSTS)' \
	SIM_HOSTS='$(SIM_HOSTS)' SIM_VMS='$(SIM_VMS)' \
	VIREO_ACCEL='$(VIREO_ACCEL)' $(if $(VIREO_CACHE),VIREO_CACHE='$(VIREO_CACHE)') '$(TARGET)/debug/vireo-lab'

help:
	@echo 'make run         a data center on this machine, in the foreground (Ctrl-C ends it)'
	@echo 'make clean-lab   remove every trace of it'
	@echo 'make test        the whole suite'
	@echo 'make soak        start and stop machines for SOAK_MINUTES ($(SOAK_MINUTES)), watch for leaks; then 500 kills'
	@echo 'make fuzz        each reader of foreign bytes for FUZZ_MINUTES ($(FUZZ_MINUTES)) under libFuzzer, or FUZZ_TARGET alone'
	@echo 'make bench       measure start times and memory'
	@echo 'make install     programs and systemd units below $$(DESTDIR)$$(PREFIX), for a real engine or host'

prepare:
	@scripts/prepare run

build: prepare
	cargo build --workspace --bins

run: build
	@exec $(LAB) up

clean-lab:
	@if [ -x '$(TARGET)/debug/vireo-lab' ]; then exec $(LAB) clean; \
	elif [ -e '$(VIREO_HOME)' ]; then cargo build --package vireo-lab && exec $(LAB) clean; fi

test:
	@scripts/prepare test
	@scripts/own-root cargo xtask test $(TIERS:%=--tier %)

soak: build
	@scripts/own-root cargo xtask soak --minutes $(SOAK_MINUTES)

fuzz:
	@scripts/prepare test
	@scripts/own-root cargo xtask fuzz --minutes $(FUZZ_MINUTES) $(FUZZ_TARGET:%=--target %)

bench: prepare
	cargo build --workspace --bins --release
	@scripts/own-root cargo xtask bench
	@scripts/own-root cargo xtask bench --scale

install:
	cargo build --workspace --bins --release
	packaging/install '$(TARGET)/release' '$(DESTDIR)' '$(PREFIX)'
