# Every image with one command, from the root of the repository:
#   docker buildx bake --load -f docker/docker-bake.hcl
# `photofinish build` makes the same images under names that say their content; measuring uses those. Here they are `photofinish/<id>:latest`.
# Base images are pinned by digest with, for instance, --set '*.args.NODE_DIGEST=sha256:...'.

group "default" {
  targets = ["go", "java", "node", "python", "native", "harness"]
}

target "image" {
  context = "."
}

target "go" {
  inherits   = ["image"]
  dockerfile = "runtimes/go/Dockerfile"
  tags       = ["photofinish/go:latest"]
}

target "java" {
  inherits   = ["image"]
  dockerfile = "runtimes/java/Dockerfile"
  tags       = ["photofinish/java:latest"]
}

target "node" {
  inherits   = ["image"]
  dockerfile = "runtimes/node/Dockerfile"
  tags       = ["photofinish/node:latest"]
}

target "python" {
  inherits   = ["image"]
  dockerfile = "runtimes/python/Dockerfile"
  tags       = ["photofinish/python:latest"]
}

target "native" {
  inherits   = ["image"]
  dockerfile = "docker/native.Dockerfile"
  tags       = ["photofinish/native:latest"]
}

target "harness" {
  inherits   = ["image"]
  dockerfile = "docker/harness.Dockerfile"
  tags       = ["photofinish/harness:latest"]
}
