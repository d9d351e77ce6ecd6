using Feeds.Actors.Tree;
using Feeds.Core.Market;
using Feeds.Engine;
using Xunit;

namespace Feeds.Tests.Engine;

/// <summary>
/// The walk of an operator over a node, and the same market without it. On a hand-moved clock with the same venue, what
/// the rows of untouched symbols say of the market is the same in both, value for value.
/// </summary>
public sealed class NodeWalkTests
{
    private const int Seconds = 60;

    // Before that the smoothed book still knows at which moment the first one came.
    private const int Warm = 25;

    private static readonly string[] Untouched = ["BTCUSDT", "YFIUSDT"];
    private static readonly string[] Touched = ["ETHUSDT", "SOLUSDT"];
    private static readonly string[] Passing = ["XRPUSDT", "DOGEUSDT", "币安人生USDT"];

    [Fact]
    public async Task What_an_operator_does_to_some_symbols_does_not_show_in_the_rows_of_the_others()
    {
        IReadOnlyList<CsvRow> quiet = await RunAsync(null);
        List<string> done = [];
        IReadOnlyList<CsvRow> walked = await RunAsync(async (fixture, second) => await ActAsync(fixture, second, done));

        Assert.Equal(11, done.Count);
        Assert.All(Passing, symbol => Assert.Contains(walked, row => row.Symbol == symbol));
        foreach (string symbol in Untouched)
        {
            string[] expected = [.. quiet.Where(row => row.Symbol == symbol).Skip(Warm).Take(Seconds - Warm).Select(
                OfMarket)];
            string[] actual = [.. walked.Where(row => row.Symbol == symbol).Skip(Warm).Take(Seconds - Warm).Select(
                OfMarket)];
            Assert.Equal(Seconds - Warm, expected.Length);
            Assert.Equal(expected, actual);
            Assert.True(expected.Select(static row => row[24..]).Distinct().Count() > 10, "the market moves");
        }
    }

    // All but two columns: how late a message came, and which of its polls a symbol's open interest is from (the polls
    // of all symbols share the interval), are of the node and not of the market.
    private static string OfMarket(CsvRow row) =>
        $"{row.Timestamp} {string.Join(' ', row.Values[1..8])} {string.Join(';', row.Errors)}";

    private static async Task<IReadOnlyList<CsvRow>> RunAsync(Func<NodeFixture, int, Task>? act)
    {
        // The connection of the untouched symbols is full, so that others come and go on others.
        await using NodeFixture fixture = await NodeFixture.StartAsync(
            [.. Untouched, .. Touched],
            venue: static options => options with { Symbols = [.. Untouched, .. Touched, .. Passing] },
            node: static options => options with { MaxStreamsPerConnection = 8, Features = false },
            phaseMs: 3);
        for (int second = 0; second < Seconds; second++)
        {
            if (act is not null)
            {
                await act(fixture, second);
            }

            for (int step = 0; step < 10; step++)
            {
                await fixture.StepAroundTickAsync(Untouched);
            }
        }

        // The last rows may still be on their way; stopping brings them to the file, and a tick more.
        await fixture.StopNodeAsync();
        return fixture.Rows;
    }

    private static async Task ActAsync(NodeFixture fixture, int second, List<string> done)
    {
        switch (second)
        {
            case 18:
                foreach (string symbol in Passing)
                {
                    Assert.Equal(
                        SymbolChange.Done,
                        await fixture.Node.AddSymbolAsync(Symbol.Parse(symbol), CancellationToken.None));
                    done.Add($"add {symbol}");
                }

                break;
            case 28:
                Do(fixture.Node.Actors.TryRestart("symbols/ETHUSDT"), "restart symbols/ETHUSDT");
                break;
            case 31:
                Assert.NotNull(await fixture.Node.Actors.InspectAsync("symbols/YFIUSDT", TimeSpan.FromSeconds(10)));
                Do(fixture.Node.Actors.TryStop("symbols/SOLUSDT"), "stop symbols/SOLUSDT");
                break;
            case 35:
                Assert.NotEqual(
                    ActorState.Running,
                    fixture.Node.Actors.Tree().Children.Single(static node => node.Name == "symbols")
                    .Children.Single(static node => node.Name == "SOLUSDT").State);
                Do(fixture.Node.Actors.TryRestart("symbols/SOLUSDT"), "restart symbols/SOLUSDT");
                break;
            case 38:
                Do(fixture.Node.Actors.TryRestart("streams/market-2"), "restart streams/market-2");
                break;
            case 42:
                Do(fixture.Node.Actors.TryRestart("polling/open-interest"), "restart polling/open-interest");
                break;
            case 46:
                foreach (string symbol in Passing)
                {
                    Assert.Equal(
                        SymbolChange.Done,
                        await fixture.Node.RemoveSymbolAsync(Symbol.Parse(symbol), CancellationToken.None));
                    done.Add($"remove {symbol}");
                }

                break;
            default:
                break;
        }

        void Do(bool happened, string what)
        {
            Assert.True(happened, what);
            done.Add(what);
        }
    }
}
