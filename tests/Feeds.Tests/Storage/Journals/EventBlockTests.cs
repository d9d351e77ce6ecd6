using Feeds.Core.Market;
using Feeds.Storage.Journals;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace Feeds.Tests.Storage.Journals;

public sealed class EventBlockTests
{
    private static readonly Symbol Btc = Symbol.Parse("BTCUSDT");

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Events_of_every_kind_come_back_to_the_bit(bool wild) =>
        Prop.ForAll<int>(seed =>
        {
            AnyEvents market = new(seed, wild);
            EventBlockWriter writer = new();
            EventBlockReader reader = new();
            for (int block = 0; block < 3; block++)
            {
                List<string> written = [];
                for (int i = 0; i < 300; i++)
                {
                    MarketEvent e = i < 30 ? market.Next(AnyEvents.Kinds[i % AnyEvents.Kinds.Count]) : market.Next();
                    writer.Add(70 + i, e);
                    written.Add(AnyEvents.Text(e));
                }

                BlockEntry entry = Entry(writer);
                ByteColumn content = new();
                writer.Finish(content);
                JournalCollector read = new();
                reader.Read(EventBlockWriter.Version, content.Bytes, entry, read);
                Assert.Equal(written, read.Events[Btc].Values);
                Assert.Equal(70, read.Events[Btc].Keys.First());
            }
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Books_of_any_size_come_back()
    {
        EventBlockWriter writer = new();
        List<string> written = [];
        int sequence = 1;
        foreach (int levels in (int[])[0, 1, 62, 63, 64, 126, 127, 128, 1_000, 5, EventCodec.MaxLevels,
            EventCodec.MaxLevels, 0, 200])
        {
            Feeds.Core.Books.BookLevels book = new(Math.Max(1, levels));
            for (int i = 0; i < levels; i++)
            {
                book.BidBuffer[i] = new(100_000 - i, i);
                book.AskBuffer[i] = new(100_001 + i, i);
            }

            book.SetCounts(levels, levels / 2);
            MarketEvent e = MarketEvent.ForBook(1, 1, sequence, book);
            writer.Add(sequence++, e);
            written.Add(AnyEvents.Text(e));
        }

        BlockEntry entry = Entry(writer);
        ByteColumn content = new();
        writer.Finish(content);
        JournalCollector read = new();
        new EventBlockReader().Read(EventBlockWriter.Version, content.Bytes, entry, read);
        Assert.Equal(written, read.Events[Btc].Values);
    }

    [Fact]
    public void Foreign_bytes_end_in_a_named_failure_and_never_in_another()
    {
        AnyEvents market = new(3, false);
        EventBlockWriter writer = new();
        for (int i = 0; i < 200; i++)
        {
            writer.Add(1 + i, market.Next());
        }

        BlockEntry entry = Entry(writer);
        ByteColumn content = new();
        writer.Finish(content);
        byte[] good = content.Bytes.ToArray();
        EventBlockReader reader = new();
        Random random = new(4);
        int refused = 0;
        for (int round = 0; round < 20_000; round++)
        {
            byte[] bad = [.. good.AsSpan(0, random.Next(3) == 0 ? random.Next(good.Length) : good.Length)];
            for (int change = random.Next(1, 6); change > 0 && bad.Length > 0; change--)
            {
                bad[random.Next(bad.Length)] = (byte)random.Next(256);
            }

            try
            {
                reader.Read(EventBlockWriter.Version, bad, entry, new Nothing());
            }
            catch (Exception e) when (e is JournalFormatException or JournalVersionException)
            {
                refused++;
            }
        }

        Assert.True(refused > 1_000);
    }

    [Fact]
    public void The_columns_of_a_small_block_have_these_bytes()
    {
        EventBlockWriter writer = new();
        writer.Add(1, MarketEvent.ForTrade(1_000, 1_010, 7, 100.5, 2, 2, Side.Sell, 3));
        writer.Add(2, MarketEvent.ForTrade(1_020, 1_030, 8, 100.6, 0.25, 0.5, Side.Buy, 1).WithDuplicates(300));
        writer.Add(3, MarketEvent.ForTick(2_000, 2_003));
        ByteColumn content = new();
        writer.Finish(content);
        Assert.Equal(
            "03" + "66C602" // kinds
            + "03" + "AC0200" // extras: 300 duplicates, 0 conflated
            + "05" + "E40F28" + "9A0F" // receive times
            + "03" + "141406" // latencies
            + "00000000" + "00000000" // books, quotes
            + "02" + "0C00" // trade ids
            + "02" + "0603" // counts
            + "06" + "0102" + "DA02" + "0700" // prices
            + "04" + "0201" + "C819" // quantities
            + "03" + "0101" + "05" // quantity without RPI, where it differs
            + "000000000000", // funding times, mark, index, rates, liquidations, slow
            Convert.ToHexString(content.Bytes));
    }

    private static BlockEntry Entry(EventBlockWriter writer) =>
        new(BlockKind.Events, 64, 0, Btc, writer.FirstSequence, writer.Count, writer.FirstTime, writer.LastTime);

    private sealed class Nothing : IJournalVisitor
    {
        public long NextSequence(Symbol symbol) => 1;

        public void Visit(Symbol symbol, long sequence, in MarketEvent e) => _ = AnyEvents.Text(e);
    }
}
