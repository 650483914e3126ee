// What people do with the official client, done once against the server that the environment names:
// CH_URL, and CH_USER with CH_PASSWORD, who may create tables in the database `millrace`.
import { ClickHouseLogLevel, createClient } from '@clickhouse/client';
import assert from 'node:assert/strict';
import { Readable } from 'node:stream';

const { CH_URL: url, CH_USER: username, CH_PASSWORD: password } = process.env;
const common = { url, username, password, log: { level: ClickHouseLogLevel.OFF } };
const plain = createClient(common);
const packed = createClient({ ...common, compression: { request: true, response: true } });
const table = `client_check_${process.pid}`;

const rows = async (query, client = plain, more = {}) =>
  (await client.query({ query, format: 'JSONEachRow', ...more })).json();
const refusedWith = code => error => {
  assert.equal(String(error.code), String(code));
  return true;
};

const checks = {
  'the server is there': async () => assert.ok((await plain.ping()).success),
  'parameters are bound': async () =>
    assert.deepEqual(
      await rows('SELECT {n:UInt16} AS n, {t:String} AS t', plain,
        { query_params: { n: 65535, t: `a'b\\c` } }),
      [{ n: 65535, t: `a'b\\c` }]),
  'a table is made': () =>
    plain.command({
      query: `CREATE TABLE ${table} (id UInt32, name Nullable(String), at DateTime) ENGINE = MergeTree ORDER BY id`,
    }),
  'objects are inserted': () =>
    plain.insert({
      table, format: 'JSONEachRow',
      values: [{ id: 1, name: 'one', at: '2024-02-29 23:59:59' }, { id: 2, name: null, at: '1970-01-01 00:00:00' }],
    }),
  'a stream of CSV is inserted': () =>
    plain.insert({
      table, format: 'CSV',
      values: Readable.from(['3,"th', 'ree, ""3""",2024-01-01 00:00:00\n'], { objectMode: false }),
    }),
  'packed requests are understood': () =>
    packed.insert({ table, format: 'JSONEachRow', values: [{ id: 4, name: 'vier', at: '2024-01-01 00:00:00' }] }),
  'packed answers say the same': async () =>
    assert.deepEqual(
      (await rows(`SELECT id, name FROM ${table} ORDER BY id`, packed)).map(r => [r.id, r.name]),
      [[1, 'one'], [2, null], [3, 'three, "3"'], [4, 'vier']]),
  'times are in UTC': async () =>
    assert.deepEqual(await rows(`SELECT toUnixTimestamp(at) AS s FROM ${table} WHERE id = 1`), [{ s: 1709251199 }]),
  'a large answer streams': async () => {
    const answer = await plain.query({ query: 'SELECT number FROM numbers(300000)', format: 'JSONEachRow' });
    let count = 0;
    for await (const chunk of answer.stream()) count += chunk.length;
    assert.equal(count, 300000);
  },
  'Parquet comes out': async () => {
    const { stream } = await plain.exec({ query: `SELECT * FROM ${table} FORMAT Parquet` });
    const parts = [];
    for await (const part of stream) parts.push(part);
    const file = Buffer.concat(parts);
    assert.equal(file.subarray(0, 4).toString() + file.subarray(-4).toString(), 'PAR1PAR1');
  },
  'a missing table is error 60': () =>
    assert.rejects(rows('SELECT * FROM there_is_no_such_table'), refusedWith(60)),
  'a slip of the pen is error 62': () => assert.rejects(plain.command({ query: 'SELEKT 1' }), refusedWith(62)),
  'a wrong password is error 516': () => {
    const stranger = createClient({ ...common, password: `${password}x` });
    return assert.rejects(rows('SELECT 1', stranger), refusedWith(516)).finally(() => stranger.close());
  },
  'the table goes': () => plain.command({ query: `DROP TABLE ${table}` }),
};

let failures = 0;
for (const [name, check] of Object.entries(checks)) {
  try {
    await check();
    console.log(`ok      ${name}`);
  } catch (error) {
    failures++;
    console.log(`FAILED  ${name}: ${error.message}`);
  }
}
await plain.close();
await packed.close();
console.log(`${Object.keys(checks).length - failures} ok, ${failures} failed`);
process.exitCode = failures ? 1 : 0;
