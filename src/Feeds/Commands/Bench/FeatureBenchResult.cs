namespace Feeds.Commands.Bench;

/// <summary>What the feature benchmark measured.</summary>
/// <param name="Symbols">How many symbols.</param>
/// <param name="Seconds">Seconds of the market, a tick each.</param>
/// <param name="Events">Events applied in these seconds, ticks included.</param>
/// <param name="Columns">Columns of a row.</param>
/// <param name="Known">Columns that were known in the last row of the median symbol.</param>
/// <param name="CpuShare">Processor time of the process per second of the market and core, 0…1; two cores.</param>
/// <param name="TickUs">Time of one tick, µs: what became available is applied, the row made; median over all.</param>
/// <param name="TickToRowP50Ms">
/// From the tick of all symbols to a symbol's row, ms: half of the rows are out by then.
/// </param>
/// <param name="TickToRowP99Ms">The same of 99 % of the rows, the median over the seconds.</param>
/// <param name="TickToRowMaxMs">The same of the last row, the worst second.</param>
/// <param name="BytesPerSymbol">Memory of a warm symbol, bytes.</param>
/// <param name="BytesPerTick">Bytes allocated per symbol and tick, events included.</param>
/// <param name="SnapshotBytes">Bytes of one symbol's saved state.</param>
/// <param name="SnapshotUs">Time to save one symbol, µs.</param>
/// <param name="WarmUpMs">Time to apply the history of one symbol, ms.</param>
/// <param name="Hash">A hash of the bits of every value of every row: the same on every machine.</param>
/// <param name="Instructions">
/// Which vector instructions of the processor the runtime used, such as <c>avx avx2 fma</c>.
/// </param>
internal sealed record FeatureBenchResult(
    int Symbols,
    int Seconds,
    long Events,
    int Columns,
    int Known,
    double CpuShare,
    double TickUs,
    double TickToRowP50Ms,
    double TickToRowP99Ms,
    double TickToRowMaxMs,
    long BytesPerSymbol,
    long BytesPerTick,
    long SnapshotBytes,
    double SnapshotUs,
    double WarmUpMs,
    string Hash,
    string Instructions);
