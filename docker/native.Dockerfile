# The native core alone, for containers that hold a lease on cores. The context is the repository's root.
# Digests pin the base images: --build-arg RUST_DIGEST=sha256:...; without one the tag decides.
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

FROM scratch AS core
COPY --from=native /usr/local/bin/photofinish-native /usr/local/bin/photofinish-native
LABEL org.opencontainers.image.title="Photofinish: the native core" \
      org.opencontainers.image.version="0.1.0" \
      org.opencontainers.image.licenses="MIT" \
      dev.photofinish.kind="image"
USER 65532:65532
ENTRYPOINT []
