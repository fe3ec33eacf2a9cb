import { expect, test } from 'vitest';
import { baseImages } from './bases.ts';

test.each([
  ['a tag', 'FROM debian:trixie-slim\n', ['debian:trixie-slim']],
  [
    'a tag with an optional digest',
    `ARG NODE_DIGEST\nFROM node:26\${NODE_DIGEST:+@\${NODE_DIGEST}} AS build\n`,
    ['node:26'],
  ],
  ['stages of its own and nothing', 'FROM rust:1 AS native\nFROM native AS more\nFROM scratch\n', ['rust:1']],
  ['one base twice', 'FROM node:26 AS a\nFROM node:26 AS b\nFROM debian:12\n', ['debian:12', 'node:26']],
  ['flags and small letters', 'from --platform=linux/amd64 go:1 as build\n', ['go:1']],
])('the bases of a Dockerfile with %s', (_title, text, expected) => {
  expect(baseImages(text)).toEqual(expected);
});
