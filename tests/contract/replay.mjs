// replay.mjs REQUESTS OPENAPI-DIR PRISM - sends recorded requests to mocks of the services that refuse what their description forbids
//
// For every submission a wrong one goes first (without what it is about) and one without the key: both have to be refused, or the
// description checks nothing. Then the request as it was recorded has to pass.
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import http from 'node:http';
import net from 'node:net';

const [requestsFile, specs, prism] = process.argv.slice(2);
const TEXT = 'A red apple & a pear';
const KEYS = ['authorization', 'x-api-key', 'xi-api-key', 'x-key', 'x-goog-api-key', 'api-key'];
const NOT_SENT = ['host', 'connection', 'content-length', 'accept-encoding'];
const AT_ONCE = 2;
let passed = 0;
const wrong = [];

const requests = readFileSync(requestsFile, 'utf8').split('\n').filter(Boolean).map((l) => JSON.parse(l));
const bySpec = Map.groupBy ? Map.groupBy(requests, (r) => r.contract) : requests.reduce((m, r) => {
    m.set(r.contract, [...(m.get(r.contract) ?? []), r]);
    return m;
}, new Map());

function freePort() {
    return new Promise((done, fail) => {
        const s = net.createServer();
        s.on('error', fail);
        s.listen(0, '127.0.0.1', () => {
            const { port } = s.address();
            s.close(() => done(port));
        });
    });
}

// Both the child and a promise that it listens.
async function startMock(spec) {
    const port = await freePort();
    const child = spawn(process.execPath, [prism, 'mock', '--errors', '-h', '127.0.0.1', '-p', String(port), `${specs}/${spec}`],
        { stdio: ['ignore', 'pipe', 'pipe'] });
    let said = '';
    await new Promise((done, fail) => {
        const listen = (chunk) => {
            said += chunk;
            if (said.includes('Prism is listening'))
                done();
        };
        child.stdout.on('data', listen);
        child.stderr.on('data', listen);
        child.on('exit', () => fail(new Error(`the mock of ${spec} ended: ${said}`)));
        setTimeout(() => fail(new Error(`the mock of ${spec} does not listen: ${said}`)), 40000).unref();
    });
    return { child, port };
}

function send(port, r, headers, body) {
    return new Promise((done, fail) => {
        const path = r.target.slice(r.strip.length);
        const q = http.request({ host: '127.0.0.1', port, path, method: r.method, timeout: 20000, insecureHTTPParser: true,
            headers: { ...headers, ...(body.length ? { 'content-length': body.length } : {}) } }, (answer) => {
            const chunks = [];
            answer.on('data', (c) => chunks.push(c));
            answer.on('end', () => done({ status: answer.statusCode, text: Buffer.concat(chunks).toString('utf8').slice(0, 400),
                violations: answer.headers['sl-violations'] ?? '' }));
        });
        q.on('error', fail);
        q.on('timeout', () => q.destroy(new Error('no answer')));
        q.end(body);
    });
}

// The body without the member, or the part of a form, that carries the text.
function withoutText(r, headers, body) {
    const type = headers['content-type'] ?? '';
    if (type.startsWith('application/json')) {
        const tree = JSON.parse(body.toString('utf8'));
        for (const k of Object.keys(tree))
            if (JSON.stringify(tree[k]).includes(TEXT))
                delete tree[k];
        return Buffer.from(JSON.stringify(tree));
    }
    const boundary = '--' + type.split('boundary=')[1];
    return Buffer.from(body.toString('utf8').split(boundary).filter((part) => !part.includes(TEXT)).join(boundary));
}

function judge(r, what, ok, answer) {
    if (ok)
        passed++;
    else
        wrong.push(`${r.provider} ${r.method} ${r.target}: ${what}: ${answer.status} ${answer.violations} ${answer.text}`);
}

async function check(port, r, needsKey) {
    const headers = Object.fromEntries(Object.entries(r.headers).map(([k, v]) => [k.toLowerCase(), v]).filter(([k]) => !NOT_SENT.includes(k)));
    const body = Buffer.from(r.body64, 'base64');
    if (r.step === 0) {
        const bad = await send(port, r, headers, withoutText(r, headers, body));
        judge(r, 'without its text it must be refused', bad.status === 400 || bad.status === 422, bad);
        if (needsKey) {
            const open = Object.fromEntries(Object.entries(headers).filter(([k]) => !KEYS.includes(k)));
            const refused = await send(port, r, open, body);
            judge(r, 'without the key it must be refused', refused.status === 401, refused);
        }
    }
    const good = await send(port, r, headers, body);
    judge(r, 'it must pass', good.status >= 200 && good.status < 300, good);
}

async function checkSpec(spec) {
    const needsKey = /^ {0,2}securitySchemes:|^security:/m.test(readFileSync(`${specs}/${spec}`, 'utf8'));
    const { child, port } = await startMock(spec);
    try {
        for (const r of bySpec.get(spec))
            await check(port, r, needsKey);
    } finally {
        child.removeAllListeners('exit');
        child.kill();
    }
}

const queue = [...bySpec.keys()];
await Promise.all(Array.from({ length: AT_ONCE }, async () => {
    for (let spec; (spec = queue.shift()); )
        await checkSpec(spec).catch((e) => wrong.push(`${spec}: ${e.message}`));
}));
for (const w of wrong)
    console.log(`not so: ${w}`);
console.log(`${passed} checks passed, ${wrong.length} failed, ${bySpec.size} services`);
process.exit(wrong.length || passed < 3 * bySpec.size - 3 ? 1 : 0);
