import { EnvironmentError, type ErrorParts } from '@photofinish/schema';
import { type Endpoint, endpointText } from './endpoint.ts';

type Refusal = Omit<ErrorParts, 'where' | 'cause'> & { readonly code: string };

const tlsCode = 'E_ENGINE_TLS';

/** Codes of OpenSSL's and Node's verification (node:tls, X509 certificate error codes). */
const tlsRefusals: readonly (readonly [RegExp, Omit<Refusal, 'code'>])[] = [
  [
    /^CERT_HAS_EXPIRED$/,
    {
      what: 'The certificate of the container engine has expired.',
      remedy: 'Issue a new server certificate on that machine and restart its engine.',
    },
  ],
  [
    /^CERT_NOT_YET_VALID$/,
    {
      what: 'The certificate of the container engine is not valid yet.',
      remedy: 'Compare the clocks of both machines: timedatectl',
    },
  ],
  [
    /^ERR_TLS_CERT_ALTNAME_INVALID$/,
    {
      what: 'The certificate of the container engine is for another name.',
      remedy: 'Use a name or address that the certificate holds, or issue one with this name as subjectAltName.',
    },
  ],
  [
    /^(UNABLE_TO_VERIFY_LEAF_SIGNATURE|UNABLE_TO_GET_ISSUER_CERT(_LOCALLY)?|SELF_SIGNED_CERT_IN_CHAIN|DEPTH_ZERO_SELF_SIGNED_CERT|CERT_SIGNATURE_FAILURE|CERT_UNTRUSTED)$/,
    {
      what: 'The certificate of the container engine was signed by another authority than the one in ca.pem.',
      remedy: 'Put the certificate of the authority that signed it into ca.pem of DOCKER_CERT_PATH.',
    },
  ],
  [
    /WRONG_VERSION_NUMBER|PACKET_LENGTH_TOO_LONG|RECORD_LAYER_FAILURE/,
    {
      what: 'This port speaks no TLS: it is a plaintext port.',
      remedy: 'Start the engine there with --tlsverify, or give the port that speaks TLS (usually 2376).',
    },
  ],
  [
    /UNSUPPORTED_PROTOCOL|PROTOCOL_VERSION/,
    {
      what: 'The container engine speaks no TLS 1.2.',
      remedy: 'Update the engine of that machine.',
    },
  ],
  [
    /ALERT|CERTIFICATE_REQUIRED|BAD_CERTIFICATE|HANDSHAKE_FAILURE/,
    {
      what: 'The container engine refused the client certificate.',
      remedy: 'Sign cert.pem by the authority that the engine was given with --tlscacert, for client authentication.',
    },
  ],
];

function refusalOf(code: string, message: string, endpoint: Endpoint): Refusal {
  if (endpoint.kind === 'tls') {
    // EPROTO says in its message only what OpenSSL found: `wrong version number`.
    const words = code === 'EPROTO' ? message.toUpperCase().replaceAll(' ', '_') : code;
    const [, found] = tlsRefusals.find(([pattern]) => pattern.test(words)) ?? [];
    if (found !== undefined) return { code: tlsCode, ...found };
  }
  switch (code) {
    case 'EACCES':
    case 'EPERM':
      return {
        code: 'E_ENGINE_PERMISSION',
        what: 'This user may not use the container engine.',
        remedy:
          'sudo usermod -aG docker "$USER", then log in again (whoever is in that group is root on this machine).',
      };
    case 'ENOENT':
      return {
        code: 'E_ENGINE_UNREACHABLE',
        what: 'There is no container engine: its socket does not exist.',
        remedy: 'sudo systemctl start docker (or install Docker Engine 20.10 or newer)',
      };
    case 'ECONNREFUSED':
      return {
        code: 'E_ENGINE_UNREACHABLE',
        what: 'Nothing listens where the container engine should.',
        remedy:
          endpoint.kind === 'unix'
            ? 'sudo systemctl start docker'
            : 'Start the engine on that machine: systemctl start docker',
      };
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return {
        code: 'E_ENGINE_UNREACHABLE',
        what: 'The machine of the container engine has a name that is not known here.',
        remedy: 'Correct DOCKER_HOST.',
      };
    case 'ETIMEDOUT':
      return {
        code: 'E_ENGINE_UNREACHABLE',
        what: 'The container engine does not answer.',
        remedy:
          endpoint.kind === 'unix'
            ? 'sudo systemctl restart docker'
            : 'Check that the machine is up, that its engine is, and that no firewall is in between.',
      };
    case 'HTTP':
      return {
        code: 'E_ENGINE_UNREACHABLE',
        what:
          endpoint.kind === 'tcp'
            ? 'What listens there does not answer as a container engine; it may speak TLS only.'
            : 'What listens there does not answer as a container engine.',
        remedy: endpoint.kind === 'tcp' ? 'Set DOCKER_TLS_VERIFY=1 and DOCKER_CERT_PATH.' : 'Correct DOCKER_HOST.',
      };
    default:
      return {
        code: 'E_ENGINE_UNREACHABLE',
        what: `The container engine cannot be reached (${code}).`,
        remedy:
          endpoint.kind === 'unix'
            ? 'sudo systemctl restart docker'
            : 'Check that the machine is up and that no firewall is in between.',
      };
  }
}

/** What a failed first request means, with its remedy. There is no fallback to anything less safe. */
export function engineRefusal(error: unknown, endpoint: Endpoint): EnvironmentError {
  if (error instanceof EnvironmentError) return error;
  const { code, name, message, statusCode } = error as Error & { code?: string; statusCode?: number };
  const { code: ours, ...parts } = refusalOf(
    name === 'TimeoutError' ? 'ETIMEDOUT' : statusCode !== undefined ? 'HTTP' : (code ?? 'no reason given'),
    message,
    endpoint,
  );
  return new EnvironmentError(ours, {
    ...parts,
    where: endpointText(endpoint),
    given: message.trim(),
    cause: error,
  });
}
