// Compares a load by Millrace, from the first uploaded byte to SUCCESS, with ClickHouse's own HTTP
// import of the same file into a table of the same layout, in turn, in one run, on the running
// embedded engines.
//
//   ./millrace bench load [ROWS=2101934] [ROUNDS=5]
//
// The file is UTF-8 CSV of game rounds, 10 columns, about 100 bytes a row, made in the temporary
// folder. Durability on both sides: ClickHouse's defaults (no fsync of parts); Millrace fsyncs its
// splits and commits its catalog synchronously besides.
import { execFileSync } from 'node:child_process';
import { createReadStream, createWriteStream, existsSync, statSync } from 'node:fs';
import { request } from 'node:http';
import { cpus, tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { readFileSync } from 'node:fs';

const rows = Number(process.argv[2] ?? 2_101_934);
const rounds = Number(process.argv[3] ?? 5);
const home = resolve(dirname(fileURLToPath(import.meta.url)), '../..');
const millrace = process.env.MILLRACE ?? join(home, 'millrace');
const run = (...args) => execFileSync(millrace, args, { stdio: ['ignore', 'pipe', 'inherit'] }).toString();
const data = process.env.MILLRACE_DATA
  ?? join(process.env.XDG_DATA_HOME ?? join(process.env.HOME, '.local/share'), 'millrace');
const { url, token } = JSON.parse(readFileSync(join(data, 'client.json'), 'utf8'));
const engine = JSON.parse(run('engines', '--json')).clickhouse;

const columns = [
  ['created_timestamp', 'DateTime'], ['game_instance_id', 'UInt64'], ['user_id', 'String'],
  ['game_id', 'UInt32'], ['real_amount_bet', 'Float64'], ['bonus_amount_bet', 'Float64'],
  ['real_amount_win', 'Float64'], ['bonus_amount_win', 'Float64'], ['game_name', 'String'],
  ['provider', 'String'],
];
const orderBy = ['game_id', 'created_timestamp'];

async function makeFile() {
  const file = join(tmpdir(), `millrace-rounds-${rows}.csv`);
  if (existsSync(file)) return file;
  const games = ['Blackjack,NetEnt', '"Book of ""Ra"", Deluxe",Novomatic', 'Köln Nights,Gamomat', '龍の財宝,Habanero'];
  const out = createWriteStream(file);
  let seed = 42;
  const random = (n) => (seed = (seed * 1103515245 + 12345) % 2147483648) % n;
  let time = Date.UTC(2019, 9, 22, 8, 20, 41);
  let text = `${columns.map(([name]) => name).join(',')}\n`;
  for (let i = 0; i < rows; i++) {
    time += 1000 * random(3);
    const user = (random(4000) * 2654435761).toString(16).padStart(32, '0').slice(0, 32);
    const game = random(games.length);
    text += `${new Date(time).toISOString().slice(0, 19).replace('T', ' ')},${20000 + i},${user},${25000 + game},`
      + `${random(20000) / 100},${random(3) * 0.1},${random(2) * random(500000) / 100},0,${games[game]}\n`;
    if (text.length > 1 << 20) {
      if (!out.write(text)) await once(out, 'drain');
      text = '';
    }
  }
  out.end(text);
  await once(out, 'finish');
  return file;
}

function send(target, method, headers, file) {
  return new Promise((done, failed) => {
    const call = request(target, { method, headers }, (answer) => {
      let text = '';
      answer.on('data', (d) => (text += d)).on('end', () => {
        if (answer.statusCode >= 300) failed(new Error(`${answer.statusCode} ${text}`));
        else done(text);
      });
    }).on('error', failed);
    if (file instanceof Object || file === undefined) call.end(file);
    else createReadStream(file, { highWaterMark: 1 << 20 }).pipe(call);
  });
}
const api = async (method, path, type, body) => JSON.parse(await send(`${url}${path}`, method, {
  Authorization: `Bearer ${token}`, ...(type ? { 'Content-Type': type } : {}),
  ...(typeof body === 'string' ? { 'Content-Length': statSync(body).size } : {}),
}, body));
const clickhouse = (sql, file) => send(
  `${engine.url}/?user=${engine.user}&password=${engine.password}&query=${encodeURIComponent(sql)}`,
  'POST', file ? { 'Content-Length': statSync(file).size } : {}, file);
const count = async (table) => Number((await clickhouse(`SELECT count() FROM millrace.${table}`)).trim());
const timed = async (step) => {
  const began = process.hrtime.bigint();
  await step();
  return Number(process.hrtime.bigint() - began) / 1e9;
};
const quiet = async () => {
  while ((await clickhouse('SELECT count() FROM system.merges')).trim() !== '0') await new Promise((r) => setTimeout(r, 100));
};

async function byClickHouse(file) {
  const table = `bench_${Date.now()}`;
  await clickhouse(`CREATE TABLE millrace.${table} (${columns.map(([n, t]) => `${n} ${t}`).join(', ')}) ENGINE = MergeTree ORDER BY (${orderBy.join(', ')})`);
  const seconds = await timed(() => clickhouse(`INSERT INTO millrace.${table} FORMAT CSVWithNames`, file));
  if (await count(table) !== rows) throw new Error('rows are missing');
  await quiet();
  await clickhouse(`DROP TABLE millrace.${table} SYNC`);
  return seconds;
}

async function byMillrace(file) {
  const schema = { columns: Object.fromEntries(columns), eventId: null, orderBy };
  const model = await api('POST', '/api/v1/models', 'application/json', Buffer.from(JSON.stringify({ name: `bench ${Date.now()}`, schema })));
  const seconds = await timed(async () => {
    const job = await api('POST', `/api/v1/jobs?model=${model.id}&name=bench.csv`, 'text/csv', file);
    const ended = await api('GET', `/api/v1/jobs/${job.id}?waitMillis=30000`);
    if (ended.state !== 'SUCCESS') throw new Error(JSON.stringify(ended));
  });
  if (await count(model.table) !== rows) throw new Error('rows are missing');
  await quiet();
  await api('DELETE', `/api/v1/models/${model.id}`);
  await clickhouse(`DROP TABLE millrace.${model.table} SYNC`);
  return seconds;
}

const file = await makeFile();
const size = statSync(file).size;
const times = { clickhouse: [], millrace: [] };
console.log(`${rows.toLocaleString('en')} rows, ${(size / 1e6).toFixed(0)} MB, ${cpus().length} cores; the first round warms up`);
for (let round = 0; round <= rounds; round++) {
  const a = await byClickHouse(file);
  const b = await byMillrace(file);
  console.log(`round ${round}   ClickHouse ${a.toFixed(2)} s   Millrace ${b.toFixed(2)} s   ratio ${(a / b).toFixed(2)}`);
  if (round > 0) {
    times.clickhouse.push(a);
    times.millrace.push(b);
  }
}
const median = (list) => [...list].sort((x, y) => x - y)[Math.floor(list.length / 2)];
const a = median(times.clickhouse);
const b = median(times.millrace);
const rate = (s) => `${s.toFixed(2)} s, ${(rows / s / 1e6).toFixed(2)} M rows/s, ${(size / s / 1e6).toFixed(0)} MB/s`;
console.log(`\nmedian   ClickHouse's HTTP import   ${rate(a)}\n         Millrace, whole path       ${rate(b)}\n         ratio                      ${(a / b).toFixed(2)}`);
