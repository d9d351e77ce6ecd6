using Feeds.Actors.Mailboxes;
using Xunit;

namespace Feeds.Tests.Actors.Mailboxes;

public sealed class DeadLettersTests
{
    [Fact]
    public void Letters_are_counted_by_path_and_the_last_ones_are_kept()
    {
        var letters = new DeadLetters();
        for (var i = 0; i < 100; i++)
            letters.Add(
                new DeadLetter(i % 4 == 0 ? "a" : "b", $"{i}", DeadLetterReason.Full, DateTimeOffset.UnixEpoch));
        Assert.Equal(100, letters.Total);
        Assert.Equal(25, letters.CountOf("a"));
        Assert.Equal(75, letters.CountOf("b"));
        Assert.Equal(0, letters.CountOf("c"));
        Assert.Equal(
            Enumerable.Range(100 - DeadLetters.RecentCapacity, DeadLetters.RecentCapacity).Select(i => $"{i}"),
            letters.Recent().Select(letter => letter.MessageType));
    }

    [Fact]
    public void Names_that_come_and_go_do_not_grow_the_counts_for_ever()
    {
        var letters = new DeadLetters();
        for (var i = 0; i < 20_000; i++)
            letters.Add(new DeadLetter($"{i}", "m", DeadLetterReason.Stopped, DateTimeOffset.UnixEpoch));
        Assert.Equal(20_000, letters.Total);
        Assert.Equal(1, letters.CountOf("0"));
        Assert.Equal(0, letters.CountOf("19999"));
    }
}
