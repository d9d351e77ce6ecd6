using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Feeds.Commands;
using Feeds.Configuration;
using Feeds.Core.Market;
using Feeds.Storage.Journals;
using Feeds.Tests.Engine;
using Feeds.Tests.Storage;
using Feeds.Tests.Time;
using Xunit;
using Symbol = Feeds.Core.Market.Symbol;

namespace Feeds.Tests.Program.Commands;

/// <summary>A short run of a whole node, as it was and changed by hand in each way that the command must see.</summary>
public sealed class VerifyCommandTests(VerifyCommandTests.FinishedRun run)
    : IClassFixture<VerifyCommandTests.FinishedRun>, IDisposable
{
    private readonly TemporaryFolder _folder = run.Copy();

    private string Ledger => _folder.At("ledger.jsonl");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_clean_run_holds()
    {
        (int code, string output, string error) = await VerifyAsync();
        Assert.True(code == 0, output + error);
        Assert.Empty(error);
        string[] lines = output.TrimEnd().Split('\n');
        Assert.Matches("^holds: [0-9]{3,} messages, [0-9]{3} rows$", lines[^1]);
        Assert.All(
            Enumerable.Range(1, 4),
            question => Assert.Contains(lines, line => line.StartsWith($"{question}  yes", StringComparison.Ordinal)));
        (code, output, _) = await VerifyAsync("--json");
        Assert.Equal(0, code);
        JsonElement answer = JsonDocument.Parse(output).RootElement;
        Assert.True(answer.GetProperty("holds").GetBoolean());
        JsonElement[] streams = [.. answer.GetProperty("streams").EnumerateArray()];
        Assert.Equal(
            ["BTCUSDT depth", "BTCUSDT mark", "BTCUSDT trades", "ETHUSDT depth", "ETHUSDT mark", "ETHUSDT trades"],
            streams.Where(static s => s.GetProperty("journaled").GetInt64() > 5)
                .Select(static s => $"{s.GetProperty("symbol")} {s.GetProperty("stream")}").Order(
                    StringComparer.Ordinal));
        Assert.All(streams, static s => Assert.Equal(
            s.GetProperty("ledger").GetInt64(),
            new[] { "journaled", "conflated", "declared", "under_way", "lost" }.Sum(
                name => s.GetProperty(name).GetInt64())));
    }

    [Theory]
    [InlineData("btcusdt@depth20@100ms", "depth")]
    [InlineData("ethusdt@markPrice@1s", "mark")]
    public async Task A_message_that_the_journal_lacks_is_lost(string stream, string feed)
    {
        // Between two messages of the stream, another one that nobody ever got.
        string[] lines = await File.ReadAllLinesAsync(Ledger);
        string number = lines.First(line => line.Contains($"\"{stream}\"", StringComparison.Ordinal)).Split(',')[1];
        int at = lines.Index().Where(line => line.Item.StartsWith($"[\"g\",{number},", StringComparison.Ordinal))
            .ElementAt(30).Index;
        string[] cells = lines[at].TrimEnd(']').Split(',');
        cells[2] = (long.Parse(cells[2], CultureInfo.InvariantCulture) + 1).ToString(CultureInfo.InvariantCulture);
        await File.WriteAllLinesAsync(Ledger, [.. lines[..at], $"{string.Join(',', cells)}]", .. lines[at..]]);
        (int code, string output, _) = await VerifyAsync();
        Assert.Equal(1, code);
        Assert.Contains(
            $"{feed}: 1 lost, 1 of them never sent, the first is {cells[2]}", output, StringComparison.Ordinal);
        Assert.Contains("2  yes", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_trade_that_the_journal_lacks_is_lost_unless_it_is_declared()
    {
        long left = 0;
        Rewrite((symbol, e, append) =>
        {
            if (left == 0 && symbol.Text == "BTCUSDT" && e.Kind == EventKind.Trade && e.ReceiveTime > run.Middle)
            {
                left = e.TradeId;
                return;
            }

            append(e);
        });
        (int code, string output, _) = await VerifyAsync();
        Assert.Equal(1, code);
        Assert.Contains(
            $"BTCUSDT trades: 1 lost, 0 of them never sent, the first is {left}", output, StringComparison.Ordinal);
        Rewrite((symbol, e, append) =>
        {
            append(e);
            if (symbol.Text == "BTCUSDT" && e.Kind == EventKind.Trade && e.TradeId == left - 1)
            {
                append(MarketEvent.ForGap(new Gap(Feed.Trades, left, left, 0, 0, "not_served"), e.ReceiveTime));
            }
        });
        (_, output, _) = await VerifyAsync();
        Assert.Contains("1  yes", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_event_that_is_there_twice_is_doubled_and_one_of_nowhere_is_made_up()
    {
        long id = 0;
        Rewrite((symbol, e, append) =>
        {
            append(e);
            if (id == 0 && symbol.Text == "ETHUSDT" && e.Kind == EventKind.Mark && e.ReceiveTime > run.Middle)
            {
                id = e.EventTime;
                append(e);
                append(MarketEvent.ForMark(id + 1, e.ReceiveTime, 1, 1, 0, 0));
            }
        });
        (int code, string output, _) = await VerifyAsync();
        Assert.Equal(1, code);
        Assert.Contains($"ETHUSDT mark: 1 made up, 1 doubled, the first is {id}", output, StringComparison.Ordinal);
        Assert.Contains("1  yes", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_changed_row_is_named_with_its_column()
    {
        string rows = _folder.At("feeds_log.csv");
        string[] lines = await File.ReadAllLinesAsync(rows);
        string[] cells = lines[5].Split(',');
        cells[9] = "0.123";
        lines[5] = string.Join(',', cells);
        await File.WriteAllLinesAsync(rows, lines);
        (int code, string output, _) = await VerifyAsync();
        Assert.Equal(1, code);
        Assert.Contains("3  NO   replayed rows differ: 1", output, StringComparison.Ordinal);
        Assert.Contains("column obi_top", output, StringComparison.Ordinal);
        Assert.Contains("1  yes", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_flipped_bit_of_the_journal_fails()
    {
        string segment = Directory.GetFiles(_folder.At("journal"), "*.open")[0];
        byte[] bytes = await File.ReadAllBytesAsync(segment);
        bytes[bytes.Length / 2] ^= 4;
        await File.WriteAllBytesAsync(segment, bytes);
        (int code, string output, string error) = await VerifyAsync();
        Assert.Equal(1, code);
        Assert.Contains(segment, error, StringComparison.Ordinal);
        Assert.Contains("does not hold", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_ledger_of_another_market_has_nothing_in_common()
    {
        string[] lines = await File.ReadAllLinesAsync(Ledger);
        await File.WriteAllLinesAsync(
            Ledger, lines.Select(static line => line.Replace("BTCUSDT", "XUSDT", StringComparison.Ordinal)
            .Replace("btcusdt", "xusdt", StringComparison.Ordinal).Replace("ETHUSDT", "YUSDT", StringComparison.Ordinal)
            .Replace("ethusdt", "yusdt", StringComparison.Ordinal)));
        (int code, string output, _) = await VerifyAsync();
        Assert.Equal(3, code);
        Assert.Contains("in the ledger and not watched: XUSDT, YUSDT", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_ledger_that_was_cut_judges_what_it_knows()
    {
        string text = await File.ReadAllTextAsync(Ledger);
        await File.WriteAllTextAsync(Ledger, text[..(text.Length / 2)]);
        (int code, string output, _) = await VerifyAsync();
        Assert.Equal(0, code);
        Assert.Contains("the ledger was not closed", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("[\"ledger\",1]\n")]
    [InlineData("[\"ledger\",2,5]\nnonsense\n[\"end\",9]\n")]
    [InlineData("timestamp,symbol\n")]
    [InlineData(null)]
    public async Task What_is_no_ledger_is_refused_in_one_line(string? content)
    {
        File.Delete(Ledger);
        if (content is not null)
        {
            await File.WriteAllTextAsync(Ledger, content);
        }

        ConfigurationException refused = await Assert.ThrowsAsync<ConfigurationException>(() => VerifyAsync());
        Assert.DoesNotContain('\n', Assert.Single(refused.Errors));
        Assert.Contains("ledger.jsonl", refused.Errors[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_journal_there_is_nothing_to_verify()
    {
        Directory.Delete(_folder.At("journal"), recursive: true);
        Assert.Contains(
            "no journal", (await Assert.ThrowsAsync<ConfigurationException>(() => VerifyAsync())).Errors[0],
            StringComparison.Ordinal);
    }

    private async Task<(int Code, string Output, string Error)> VerifyAsync(params string[] more)
    {
        await using StringWriter output = new() { NewLine = "\n" };
        await using StringWriter error = new() { NewLine = "\n" };
        int code = await new VerifyCommand().Parse(["--ledger", Ledger, "--data-dir", _folder.Path, .. more])
            .InvokeAsync(
            new InvocationConfiguration { Output = output, Error = error, EnableDefaultExceptionHandler = false });
        return (code, output.ToString(), error.ToString());
    }

    // Writes the journal anew, with what the change makes of each event.
    private void Rewrite(Action<Symbol, MarketEvent, Action<MarketEvent>> change)
    {
        string old = _folder.At("journal");
        string fresh = _folder.At("fresh");
        using (JournalWriter writer = JournalWriter.Open(
            new Feeds.Storage.Journals.JournalOptions { Folder = fresh }, new ManualTimeProvider()))
        {
            new JournalReader(old).Read(new Copy(writer, change));
        }

        Directory.Delete(old, recursive: true);
        Directory.Move(fresh, old);
    }

    private sealed class Copy(JournalWriter writer, Action<Symbol, MarketEvent, Action<MarketEvent>> change)
        : IJournalVisitor
    {
        private readonly Dictionary<Symbol, SymbolJournal> _symbols = [];

        public long NextSequence(Symbol symbol) => 1;

        public void Visit(Symbol symbol, long sequence, in MarketEvent e)
        {
            if (!_symbols.TryGetValue(symbol, out SymbolJournal? journal))
            {
                _symbols.Add(symbol, journal = writer.For(symbol, 0));
            }

            change(symbol, e, copied => journal.Append(journal.LastSequence + 1, copied));
        }
    }

    /// <summary>A node that watched the venue for some seconds and was stopped in order.</summary>
    public sealed class FinishedRun : IAsyncLifetime
    {
        private readonly TemporaryFolder _folder = new();

        /// <summary>Receive time in the middle of the run, epoch ms.</summary>
        public long Middle { get; private set; }

        public async ValueTask InitializeAsync()
        {
            await using NodeFixture fixture = await NodeFixture.StartAsync(["BTCUSDT", "ETHUSDT"]);
            await fixture.UntilHealthyAsync();
            await fixture.RunAsync(6);
            Middle = fixture.Now;
            await fixture.RunAsync(80);
            await fixture.StopAsync();
            CopyTo(fixture.Folder, _folder.Path);
        }

        public ValueTask DisposeAsync()
        {
            _folder.Dispose();
            return default;
        }

        internal TemporaryFolder Copy()
        {
            TemporaryFolder copy = new();
            CopyTo(_folder.Path, copy.Path);
            return copy;
        }

        private static void CopyTo(string from, string to)
        {
            foreach (string path in Directory.GetFiles(from, "*", SearchOption.AllDirectories))
            {
                string target = Path.Combine(to, Path.GetRelativePath(from, path));
                Directory.CreateDirectory(Path.GetDirectoryName(target)!);
                File.Copy(path, target);
            }
        }
    }
}
