export { type TestAuthority, testAuthority } from './certificates.ts';
export { type SecondDaemon, secondDaemonLack, startSecondDaemon } from './second-daemon.ts';
