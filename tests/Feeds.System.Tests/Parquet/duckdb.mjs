// DuckDB as an independent judge of Parquet files.
//   node duckdb.mjs <folder with node_modules> dump <folder>   each *.parquet -> *.json, value for value
//   node duckdb.mjs <folder with node_modules> make <folder>   writes DuckDB's own files and expected.json
//   node duckdb.mjs <folder with node_modules> lake <folder>   the feature rows in it -> lake.json, their hours -> hours.json
import { createRequire } from 'node:module';
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const [, , home, command, folder] = process.argv;
const { DuckDBInstance } = createRequire(join(home, 'package.json'))('@duckdb/node-api');
const instance = await DuckDBInstance.create(':memory:');
const connection = await instance.connect();
await connection.run("SET TimeZone = 'UTC'");
const view = new DataView(new ArrayBuffer(8));

// One text per value that two programs can agree on: numbers of floating point as their bits.
function text(value, type) {
  if (value === null) return null;
  if (type === 'DOUBLE') {
    if (Number.isNaN(value)) return 'nan';
    view.setFloat64(0, value);
    return view.getBigUint64(0).toString(16);
  }
  if (type === 'FLOAT') {
    if (Number.isNaN(value)) return 'nan';
    view.setFloat32(0, value);
    return view.getUint32(0).toString(16);
  }
  if (type.startsWith('DECIMAL')) return value.value.toString();
  if (type.startsWith('TIMESTAMP')) return (value.micros ?? value.millis * 1000n).toString();
  if (type === 'DATE') return value.days.toString();
  return String(value);
}

async function dump(query) {
  const result = await connection.runAndReadAll(query);
  const types = result.columnTypes().map(String);
  const columns = result.getColumns().map((column, i) => column.map((value) => text(value, types[i])));
  return { names: result.columnNames(), types, rows: result.currentRowCount, columns };
}

if (command === 'dump') {
  for (const name of readdirSync(folder).filter((n) => n.endsWith('.parquet'))) {
    const path = join(folder, name);
    writeFileSync(path.replace('.parquet', '.json'), JSON.stringify(await dump(`SELECT * FROM '${path}'`)));
  }
}

if (command === 'lake') {
  const table = `read_parquet('${join(folder, 'feature_row/*/*/*.parquet')}', hive_partitioning = true, union_by_name = true)`;
  writeFileSync(join(folder, 'lake.json'), JSON.stringify(await dump(`SELECT * FROM ${table} ORDER BY time, symbol`)));
  writeFileSync(join(folder, 'hours.json'), JSON.stringify(await dump(`SELECT date, hour, count(*) AS rows,
    count(DISTINCT (time, symbol)) AS keys, count(*) FILTER (time::DATE <> date OR hour(time) <> hour) AS elsewhere
    FROM ${table} GROUP BY ALL ORDER BY ALL`)));
}

if (command === 'make') {
  await connection.run('SELECT setseed(0.5)');
  await connection.run(`CREATE TABLE t AS SELECT
    i % 3 = 0 AS flag, i % 1000 = 0 AS rare,
    (i * 7919) % 100003 AS int_value, i::BIGINT * 1000003 - 5000000 AS long_value,
    (i % 100)::TINYINT AS tiny, (i % 30000)::SMALLINT AS small, (i % 200)::UTINYINT AS utiny,
    (i / 7.0)::FLOAT AS float_value, sin(i) * 1e6 AS double_value, (i % 50) / 8.0::DOUBLE AS few_doubles,
    CASE WHEN i % 11 = 0 THEN 'nan'::DOUBLE WHEN i % 13 = 0 THEN 'infinity'::DOUBLE ELSE -i::DOUBLE END AS odd_double,
    (i % 9999 / 100.0)::DECIMAL(4, 1) AS dec4, (i * 1.25)::DECIMAL(9, 2) AS dec9,
    (i * 1.00000123)::DECIMAL(18, 8) AS dec18, (i * -123456789.123456)::DECIMAL(28, 6) AS dec28,
    'symbol ' || (i % 40) AS few_texts, 'text number ' || (i * 31) || CASE WHEN i % 5 = 0 THEN ' äöü 日本 😀' ELSE '' END AS many_texts,
    TIMESTAMPTZ '2024-01-01 00:00:00+00' + INTERVAL (i) SECOND AS time_tz, TIMESTAMP '2024-01-01 00:00:00.123456' + INTERVAL (i) MINUTE AS time_plain,
    (TIMESTAMP '2024-01-01' + INTERVAL (i) SECOND)::TIMESTAMP_MS AS time_ms,
    DATE '1960-01-01' + (i % 30000)::INTEGER AS day,
    CASE WHEN i % 4 <> 0 THEN i END AS int_nulls, CASE WHEN i BETWEEN 3000 AND 9000 THEN NULL ELSE i / 3.0::DOUBLE END AS double_nulls,
    CASE WHEN i % 3 = 1 THEN 'x' || (i % 9) END AS text_nulls, NULL::DOUBLE AS all_nulls
    FROM range(12000) r(i)`);
  writeFileSync(join(folder, 'expected.json'), JSON.stringify(await dump('SELECT * FROM t')));
  for (const version of ['V1', 'V2']) {
    for (const codec of ['uncompressed', 'snappy', 'gzip', 'brotli', 'zstd', 'lz4_raw']) {
      for (const [kind, options] of [['', ''], ['-plain', ', dictionary_size_limit 0']]) {
        const path = join(folder, `${version}-${codec}${kind}.parquet`);
        await connection.run(`COPY t TO '${path}' (FORMAT parquet, PARQUET_VERSION '${version}', COMPRESSION ${codec}, ROW_GROUP_SIZE 5000${options})`);
      }
    }
  }
  await connection.run(`COPY (SELECT [1, 2, 3] AS list_value, 1 AS x) TO '${join(folder, 'nested.parquet')}' (FORMAT parquet)`);
}
