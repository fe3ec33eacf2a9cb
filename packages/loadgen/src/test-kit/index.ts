export { builtCore, needNativeCore, startFixture } from './native.ts';
