using Feeds.Core.Market;
using Feeds.Core.Symbols;

namespace Feeds.Tests.Storage.Sinks;

/// <summary>Rows to write.</summary>
internal static class Rows
{
    public const long FirstTick = 1_795_231_800_000; // 2026-11-21T03:30:00Z

    public static FeedRow Row(string symbol, int tick, string errors = "", double funding = -0.0001) =>
        new(
            FirstTick + (tick * 30_000L), Symbol.Parse(symbol), 12345.678, double.NaN, funding, 1.5e-7, 0, 250_000.25,
            1,
            2.0 / 3, 12.5, errors);

    public static IReadOnlyList<TickRows> Tick(int tick, params string[] symbols) =>
        Of([.. symbols.Select(symbol => Row(symbol, tick))]);

    public static IReadOnlyList<TickRows> Of(params FeedRow[] rows) =>
        [.. rows.Select(static row => new TickRows(row, null))];
}
