using Feeds.Storage.Leases;
using Xunit;

namespace Feeds.Tests.Storage.Leases;

public sealed class RefereeMemoryTests
{
    private readonly RefereeMemory _memory = RefereeMemory.Open("referee", null);

    [Fact]
    public void An_epoch_lower_than_one_known_when_the_referee_was_asked_is_refused()
    {
        _memory.SeeEpoch("AAA", 3, _memory.Known());
        Assert.Throws<RefereeWentBackException>(() => _memory.SeeEpoch("AAA", 2, _memory.Known()));
        Assert.Throws<RefereeWentBackException>(() => _memory.SeeAll(new HashSet<string>(), _memory.Known()));
    }

    [Fact]
    public void An_answer_that_was_overtaken_by_a_later_one_shows_no_older_referee()
    {
        _memory.SeeEpoch("AAA", 1, _memory.Known());
        IReadOnlyDictionary<string, long> asked = _memory.Known();

        // A symbol is taken, and a new one made and taken, while the question is under way.
        _memory.SeeEpoch("AAA", 2, _memory.Known());
        _memory.SeeEpoch("BBB", 1, _memory.Known());

        _memory.SeeAll(new HashSet<string> { "AAA" }, asked);
        _memory.SeeEpoch("AAA", 1, asked);
        Assert.Equal(2, _memory.Known()["AAA"]);
        Assert.Throws<RefereeWentBackException>(() => _memory.SeeEpoch("AAA", 1, _memory.Known()));
    }
}
