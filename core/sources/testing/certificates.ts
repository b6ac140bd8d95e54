import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export interface Certificate {
  readonly certFile: string;
  readonly keyFile: string;
  readonly cert: Buffer;
  readonly key: Buffer;
}

/** An authority of its own: makes server and client certificates with the openssl command, in `dir`. */
export function createAuthority(dir: string) {
  const openssl = (...args: string[]) => execFileSync('openssl', args, { cwd: dir, stdio: 'pipe' });
  const newKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
  const ca = read(dir, 'ca');
  openssl(
    'req',
    '-x509',
    ...newKey,
    '-keyout',
    'ca.key',
    '-out',
    'ca.crt',
    '-days',
    '2',
    '-subj',
    '/CN=Test authority',
  );
  return {
    caFile: ca().certFile,
    ca: ca().cert,
    /** `altName` as in `IP:127.0.0.1`; `days` may be negative for one that has expired. */
    issue(name: string, altName: string, days = 2): Certificate {
      openssl('req', ...newKey, '-keyout', `${name}.key`, '-out', `${name}.csr`, '-subj', `/CN=${name}`);
      writeFileSync(join(dir, `${name}.ext`), `subjectAltName=${altName}`);
      const until = new Date(Date.now() + days * 86_400_000).toISOString().replace(/[-:T]|\.\d+/g, '');
      const from = new Date(Date.now() - 10 * 86_400_000).toISOString().replace(/[-:T]|\.\d+/g, '');
      writeFileSync(join(dir, 'index.txt'), '');
      writeFileSync(join(dir, 'ca.cnf'), CA_CONFIG);
      openssl(
        'ca',
        '-batch',
        '-config',
        'ca.cnf',
        '-create_serial',
        '-in',
        `${name}.csr`,
        '-out',
        `${name}.crt`,
        '-notext',
        '-extfile',
        `${name}.ext`,
        '-startdate',
        from,
        '-enddate',
        until,
      );
      return read(dir, name)();
    },
  };
}

const CA_CONFIG = `[ca]
default_ca=test
[test]
database=index.txt
serial=serial
new_certs_dir=.
certificate=ca.crt
private_key=ca.key
default_md=sha256
policy=any
unique_subject=no
[any]
commonName=supplied
`;

function read(dir: string, name: string): () => Certificate {
  const certFile = join(dir, `${name}.crt`);
  const keyFile = join(dir, `${name}.key`);
  return () => ({ certFile, keyFile, cert: readFileSync(certFile), key: readFileSync(keyFile) });
}
