using Feeds.Core.Symbols;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace Feeds.Tests.Core.Symbols;

public sealed class IdChainTests
{
    [Fact]
    public void A_chain_agrees_with_a_set_of_ids() =>
        Prop.ForAll<int>(seed =>
        {
            Random random = new(seed);
            IdChain chain = new();
            HashSet<long> seen = [];
            long first = random.Next(1000);
            long highest = first - 1;
            for (int i = 0; i < 200; i++)
            {
                long id = random.Next(3) == 0
                    ? Math.Max(first, highest - random.Next(20))
                    : highest + 1 + (random.Next(4) == 0 ? random.Next(5) : 0);
                Assert.Equal(seen.Contains(id), chain.Contains(id));
                if (!seen.Contains(id))
                {
                    bool skipped = seen.Count > 0 && id > highest + 1;
                    Assert.Equal(skipped, chain.Add(id));
                    first = seen.Count == 0 ? id : first;
                    seen.Add(id);
                    highest = Math.Max(highest, id);
                }

                Assert.Equal(highest, chain.Highest);
                Assert.Equal(highest - first + 1 - seen.Count, chain.MissingCount);
                List<long> missing = [.. chain.Missing.SelectMany(r => Range(r.From, r.To))];
                Assert.Equal(Range(first, highest).Where(x => !seen.Contains(x)), missing);
            }
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void The_oldest_range_is_forgotten_when_there_are_too_many()
    {
        IdChain chain = new();
        for (long id = 0; id <= 2 * (IdChain.MaxRanges + 1); id += 2)
        {
            chain.Add(id);
        }

        Assert.Equal(IdChain.MaxRanges, chain.Missing.Count);
        Assert.True(chain.Contains(1));
        Assert.False(chain.Contains(3));
    }

    [Fact]
    public void Filling_the_middle_of_a_range_keeps_to_the_limit_of_ranges()
    {
        IdChain chain = new();
        for (long id = 0; id <= 10L * IdChain.MaxRanges; id += 10)
        {
            chain.Add(id);
        }

        chain.Add(10L * IdChain.MaxRanges - 5);
        Assert.True(chain.Missing.Count <= IdChain.MaxRanges);
        Assert.True(chain.Contains(10L * IdChain.MaxRanges - 5));
        Assert.False(chain.Contains(10L * IdChain.MaxRanges - 4));
    }

    [Fact]
    public void What_an_id_makes_the_chain_forget_is_known_before() =>
        Prop.ForAll<int>(seed =>
        {
            Random random = new(seed);
            IdChain chain = new();
            long next = 0;
            for (int i = 0; i < 400; i++)
            {
                (long from, long to)[] missing = [.. chain.Missing];
                (long from, long to) = missing.Length == 0
                    ? (0, -1) : missing[random.Next(random.Next(2) == 0 ? 1 : missing.Length)];
                long id = random.Next(8) == 0 && to >= from
                    ? random.NextInt64(from, to + 1) : next += 1 + random.Next(4);
                HashSet<long> forgotten = chain.ForgottenBy(id) is { } range ? [.. Range(range.From, range.To)] : [];
                HashSet<long> left = [.. missing.SelectMany(static each => Range(each.from, each.to)).Where(
                    each => each != id)];
                chain.Add(id);
                left.ExceptWith(chain.Missing.SelectMany(static each => Range(each.From, each.To)));
                Assert.Equal(forgotten, left);
            }

            Assert.True(chain.Missing.Count <= IdChain.MaxRanges);
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void After_a_restart_only_the_new_numbering_counts()
    {
        IdChain chain = new();
        chain.Add(100);
        chain.Add(105);
        chain.Restart(3);
        Assert.Equal(3, chain.Highest);
        Assert.Empty(chain.Missing);
        Assert.False(chain.Contains(4));
    }

    private static IEnumerable<long> Range(long from, long to)
    {
        for (long i = from; i <= to; i++)
        {
            yield return i;
        }
    }
}
