using System.Globalization;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using Feeds.Benchmarks.Engine;
using Feeds.Benchmarks.Parquet;
using Feeds.Benchmarks.Storage;

// Comparisons with other programs measure in turns with them, which BenchmarkDotNet cannot.
if (args is ["parquet-duckdb", ..])
    return DuckDbComparison.Run(args.Length > 1 ? int.Parse(args[1], CultureInfo.InvariantCulture) : 15);
if (args is ["parquet-hour", { } symbols, { } seconds])
    return await FeatureRowHourMeasurement.RunAsync(
        int.Parse(symbols, CultureInfo.InvariantCulture), int.Parse(seconds, CultureInfo.InvariantCulture));
if (args is ["journal", { } frames, ..])
    return JournalMeasurement.Run(frames, args.Length > 2 ? int.Parse(args[2], CultureInfo.InvariantCulture) : 7);
if (args is ["postgres", ..])
    return await PostgresMeasurement.RunAsync(args.Length > 1 ? int.Parse(args[1], CultureInfo.InvariantCulture) : 9);
if (args is ["capture", { } to, ..]) return await FrameCapture.RunAsync(to, args[2..]);

if (args is ["node-load", { } watched, { } speed, { } length, ..])
{
    return await NodeLoad.RunAsync(
        Number(watched), double.Parse(speed, CultureInfo.InvariantCulture), Number(length), args.Length > 4
            ? Number(args[4]) : 10);
}

if (args is ["venue", { } served, { } pace])
    return await NodeLoad.ServeAsync(Number(served), double.Parse(pace, CultureInfo.InvariantCulture));

if (args is ["endpoint-flood", { } flooded, { } rounds])
    return await EndpointFlood.RunAsync(Number(flooded), Number(rounds));
if (args is ["flood", { } node]) return await EndpointFlood.FloodAsync(new Uri(node));

// In process: the benchmarks run the very binaries that were built, on machines with nothing but the SDK.
BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly)
    .Run(args, DefaultConfig.Instance.AddJob(Job.Default.WithToolchain(InProcessEmitToolchain.Instance)));
return 0;

static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);
