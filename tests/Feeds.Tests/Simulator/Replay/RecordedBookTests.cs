using Feeds.Simulator.Markets;
using Feeds.Simulator.Replay;
using Xunit;
using Message = Feeds.Simulator.Replay.Record;

namespace Feeds.Tests.Simulator.Replay;

public sealed class RecordedBookTests
{
    private readonly RecordedBook _book = new();

    [Fact]
    public void Deltas_wait_for_the_snapshot_and_the_first_applied_reaches_over_its_id()
    {
        _book.Delta(Delta(1, 5, 0, 100, 1));
        _book.Delta(Delta(6, 9, 5, 101, 2));
        _book.Delta(Delta(10, 12, 9, 102, 3));
        Assert.False(_book.IsWhole);
        _book.Snapshot(Snapshot(7));
        Assert.True(_book.IsWhole);
        Assert.Equal(12, _book.LastUpdateId);
        Assert.Equal([new BookLevel(102, 3), new BookLevel(101, 2), new BookLevel(99, 50)], Bids());
    }

    [Fact]
    public void A_snapshot_ahead_of_all_deltas_waits_for_the_one_that_bridges_it()
    {
        _book.Delta(Delta(1, 5, 0, 100, 1));
        _book.Snapshot(Snapshot(20));
        Assert.False(_book.IsWhole);
        _book.Delta(Delta(6, 19, 5, 101, 2));
        Assert.False(_book.IsWhole);
        _book.Delta(Delta(21, 25, 20, 102, 3));
        Assert.True(_book.IsWhole);
        Assert.Equal([new BookLevel(102, 3), new BookLevel(99, 50)], Bids());
    }

    [Fact]
    public void A_delta_with_a_gap_makes_the_book_unknown_until_the_next_snapshot()
    {
        _book.Snapshot(Snapshot(5));
        _book.Delta(Delta(5, 6, 4, 100, 1));
        _book.Delta(Delta(9, 10, 8, 101, 1));
        Assert.False(_book.IsWhole);
        Assert.Equal(1, _book.Breaks);
        _book.Delta(Delta(11, 12, 10, 102, 7));
        _book.Snapshot(Snapshot(10));
        Assert.True(_book.IsWhole);
        Assert.Equal([new BookLevel(102, 7), new BookLevel(101, 1), new BookLevel(99, 50)], Bids());
    }

    private static Message Snapshot(long id) => new()
    {
        Kind = RecordKind.Snapshot,
        LastId = id,
        Bids = [new BookLevel(99, 50)],
        Asks = [new BookLevel(200, 1)],
    };

    private static Message Delta(long first, long last, long previous, long price, long quantity) => new()
    {
        Kind = RecordKind.Delta,
        FirstId = first,
        LastId = last,
        Id = previous,
        Bids = [new BookLevel(price, quantity)],
    };

    private BookLevel[] Bids()
    {
        BookLevel[] levels = new BookLevel[10];
        return levels[.._book.Levels(true, levels)];
    }
}
