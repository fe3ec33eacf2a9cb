export type { CaseResult, ContractCase } from './contract/case.ts';
export { type CaseOptions, contractCases } from './contract/cases.ts';
export { HttpFault } from './http/fault.ts';
export { compareInfo, fetchInfo, type WantedInfo } from './info.ts';
export { isPayload, writePayload } from './kernels/payload-file.ts';
export { findWorkload, workloads } from './registry.ts';
export { type VerifyOptions, verifyContract } from './verify.ts';
export { verifyAnswer } from './verify-answer.ts';
export { type Endpoint, endpoints, type ParameterRange, type Workload, type WorkloadParameters } from './workload.ts';
