using Feeds.Binance.Streams;
using Feeds.Binance.Wire;
using Feeds.Core.Market;
using Feeds.Engine.Streams;
using Xunit;

namespace Feeds.Tests.Engine.Streams;

public sealed class SilenceJudgeTests
{
    private const long Start = 1_790_000_000_000;

    private readonly SilenceJudge _judge = new();
    private readonly StreamPulses _pulses = new();
    private readonly HashSet<string> _notTraded = [];
    private readonly StreamName[] _depth;
    private readonly StreamName[] _marks;
    private long _now = Start;

    public SilenceJudgeTests()
    {
        Symbol[] symbols = [Symbol.Parse("BTCUSDT"), Symbol.Parse("YFIUSDT"), Symbol.Parse("币安人生USDT")];
        _depth = [.. symbols.Select(static symbol => StreamName.For(symbol, StreamKind.PartialDepth))];
        _marks = [.. symbols.Select(static symbol => StreamName.For(symbol, StreamKind.Mark))];
        for (int i = 0; i < symbols.Length; i++)
        {
            _judge.Add(_depth[i], i, _now);
            _judge.Add(_marks[i], i, _now);
        }

        _judge.Opened(_now);
    }

    [Fact]
    public void Nothing_is_found_while_all_speak()
    {
        for (int second = 0; second < 600; second++)
        {
            Assert.Same(SilenceFindings.None, Second());
        }
    }

    [Fact]
    public void One_silent_stream_is_muted_and_the_others_are_not()
    {
        Seconds(60);
        long from = _now;
        SilenceFindings found = Until(static found => found.Muted.Count > 0, _marks[1]);
        Assert.Equal(_marks[1], Assert.Single(found.Muted).Name);
        Assert.Equal(_marks[1], Assert.Single(found.Due).Name);
        Assert.False(found.IsDead);
        Assert.InRange(_now - from, GapModel.LeastMs, GapModel.LeastMs + 2_000);
    }

    [Fact]
    public void What_was_under_way_while_a_stream_was_given_up_does_not_bring_it_back()
    {
        Seconds(60);
        StreamWatch watch = Until(static found => found.Muted.Count > 0, _marks[1]).Muted[0];
        watch.IsBeingAskedFor = true;
        for (int second = 0; second < 5; second++)
        {
            Assert.Empty(Second().Back);
        }

        watch.IsBeingAskedFor = false;
        Assert.Same(watch, Assert.Single(Second().Back));
    }

    [Fact]
    public void A_muted_stream_is_asked_for_again_with_growing_pauses_until_it_speaks()
    {
        Seconds(60);
        List<long> asked = [];
        for (int second = 0; second < 900; second++)
        {
            if (Second(_depth[2]).Due.Count > 0)
            {
                asked.Add(_now);
            }
        }

        long[] pauses = [.. asked.Zip(asked.Skip(1), static (a, b) => b - a)];
        Assert.Equal([10_000, 20_000, 40_000, 80_000, 160_000, 300_000], pauses);
        SilenceFindings back = Second();
        Assert.Equal(_depth[2], Assert.Single(back.Back).Name);
        Assert.Same(SilenceFindings.None, Second());
    }

    [Fact]
    public void A_connection_is_dead_when_all_its_streams_are()
    {
        Seconds(60);
        long from = _now;
        SilenceFindings found = Until(static found => found.IsDead, [.. _depth, .. _marks]);
        Assert.Empty(found.Muted);
        Assert.InRange(_now - from, GapModel.LeastMs, GapModel.LeastMs + 2_000);
    }

    [Fact]
    public void A_connection_is_dead_although_a_symbol_on_it_is_not_traded()
    {
        Seconds(60);
        _notTraded.Add("YFIUSDT");
        for (int second = 0; second < 60; second++)
        {
            Assert.Same(SilenceFindings.None, Second(_depth[1], _marks[1]));
        }

        long from = _now;
        SilenceFindings found = Until(static found => found.IsDead || found.Muted.Count > 0, [.. _depth, .. _marks]);
        Assert.True(found.IsDead);
        Assert.InRange(_now - from, GapModel.LeastMs, GapModel.LeastMs + 2_000);
    }

    [Fact]
    public void A_stream_that_never_spoke_is_muted_too()
    {
        SilenceFindings found = Until(static found => found.Muted.Count > 0, _depth[0]);
        Assert.Equal(_depth[0], Assert.Single(found.Muted).Name);
        Assert.True(_now - Start <= 17_000);
    }

    [Fact]
    public void A_symbol_that_is_not_traded_may_be_silent_and_has_its_time_when_it_is_again()
    {
        Seconds(60);
        _notTraded.Add("YFIUSDT");
        for (int second = 0; second < 300; second++)
        {
            Assert.Same(SilenceFindings.None, Second(_depth[1], _marks[1]));
        }

        _notTraded.Clear();
        Assert.Same(SilenceFindings.None, Second(_depth[1], _marks[1]));
        Assert.Same(SilenceFindings.None, Second());
    }

    [Fact]
    public void Time_in_which_nobody_looked_is_not_silence()
    {
        Seconds(60);
        _now += 120_000;
        Assert.Same(SilenceFindings.None, _judge.Look(_now, Heard, IsExpected));
        Assert.Same(SilenceFindings.None, Second());
    }

    private SilenceFindings Until(Func<SilenceFindings, bool> condition, params StreamName[] silent)
    {
        for (int second = 0; second < 600; second++)
        {
            SilenceFindings found = Second(silent);
            if (condition(found))
            {
                return found;
            }
        }

        throw new InvalidOperationException("not found");
    }

    private void Seconds(int count)
    {
        for (int second = 0; second < count; second++)
        {
            Second();
        }
    }

    private SilenceFindings Second(params StreamName[] silent)
    {
        _now += 1_000;
        for (int i = 0; i < _depth.Length; i++)
        {
            if (!silent.Contains(_depth[i]))
            {
                _pulses[StreamKind.PartialDepth, i] = _now - 50;
            }

            if (!silent.Contains(_marks[i]))
            {
                _pulses[StreamKind.Mark, i] = _now - 400;
            }
        }

        return _judge.Look(_now, Heard, IsExpected);
    }

    private long Heard(StreamKind kind, int index) => _pulses[kind, index];

    private bool IsExpected(StreamName stream) => !_notTraded.Contains(stream.Symbol!.Text);
}
