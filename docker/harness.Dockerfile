# The harness itself. The context is the repository's root. It speaks to the engine whose socket is mounted, so whoever starts it is root there anyway:
# it runs as root, to read the socket, the processes and the control groups of the host. CONTRIBUTING.md has the command.
# Digests pin the base images: --build-arg RUST_DIGEST=sha256:...; without one the tag decides.
ARG NODE_DIGEST
ARG RUST_DIGEST

# native: the core every image starts its server under. The same text in every Dockerfile, so that BuildKit builds it once.
FROM rust:1-slim-trixie${RUST_DIGEST:+@${RUST_DIGEST}} AS native
WORKDIR /build
# With a target named, the flag spares the procedural macros, which cannot be linked statically.
ENV RUSTFLAGS="-C target-feature=+crt-static"
COPY packages/loadgen/native/Cargo.toml packages/loadgen/native/Cargo.lock ./
COPY packages/loadgen/native/src src
# Only what was fetched is cached: cargo judges its own output by time stamps, and another checkout may have older files with other text.
RUN --mount=type=cache,target=/usr/local/cargo/registry \
    ["cargo", "install", "--path", ".", "--locked", "--no-track", "--target", "host-tuple", "--root", "/usr/local"]

# manifests: what decides on the installed packages and nothing else, so that a change of source installs nothing anew.
FROM node:26-trixie-slim${NODE_DIGEST:+@${NODE_DIGEST}} AS manifests
WORKDIR /photofinish
COPY package.json pnpm-lock.yaml pnpm-workspace.yaml ./
COPY packages packages
COPY runtimes runtimes
RUN ["find", "packages", "runtimes", "-type", "f", "!", "-name", "package.json", "!", "-path", "packages/cli/bin/*", "-delete"]
RUN ["find", "packages", "runtimes", "-type", "d", "-empty", "-delete"]

# workspace: installed by the same bootstrap as everywhere, which begins each command with it.
FROM node:26-trixie-slim${NODE_DIGEST:+@${NODE_DIGEST}} AS workspace
# pnpm verifies by the certificates of the system, which the slim image lacks. Sixteen connections: with its usual number a proxy in between stalled.
RUN apt-get update \
 && apt-get install -y --no-install-recommends ca-certificates \
 && rm -rf /var/lib/apt/lists/*
WORKDIR /photofinish
COPY --from=manifests /photofinish ./
RUN --mount=type=cache,target=/var/cache/npm --mount=type=cache,target=/var/cache/pnpm,sharing=locked \
    ["env", "npm_config_cache=/var/cache/npm", "pnpm_config_network_concurrency=16", "pnpm_config_store_dir=/var/cache/pnpm", "node", "--eval", "import('/photofinish/packages/cli/bin/workspace.js').then((it) => it.ensureWorkspace())"]

FROM node:26-trixie-slim${NODE_DIGEST:+@${NODE_DIGEST}} AS harness
# The command line of Docker builds images at the engine whose socket is mounted; measuring does without it.
RUN apt-get update \
 && apt-get install -y --no-install-recommends ca-certificates docker-buildx docker-cli \
 && rm -rf /var/lib/apt/lists/*
WORKDIR /photofinish
COPY --from=workspace /photofinish ./
COPY . ./
COPY --from=native /usr/local/bin/photofinish-native /usr/local/bin/photofinish-native
ENV PHOTOFINISH_LOADGEN=/usr/local/bin/photofinish-native
LABEL org.opencontainers.image.title="Photofinish: the harness" \
      org.opencontainers.image.version="0.1.0" \
      org.opencontainers.image.licenses="MIT" \
      dev.photofinish.kind="image"
ENTRYPOINT ["node", "/photofinish/packages/cli/bin/photofinish.js"]
CMD ["--help"]
