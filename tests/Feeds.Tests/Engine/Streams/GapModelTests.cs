using Feeds.Binance.Wire;
using Feeds.Engine.Streams;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace Feeds.Tests.Engine.Streams;

public sealed class GapModelTests
{
    private const long Start = 1_790_000_000_000;

    [Fact]
    public void A_stream_of_a_second_is_dead_after_five()
    {
        GapModel model = new(GapPrior.Of(StreamKind.Mark)!);
        Assert.Equal(GapModel.LeastMs, model.LimitMs);
        Feed(model, Enumerable.Repeat(1_000.0, 600));
        Assert.Equal(GapModel.LeastMs, model.LimitMs);
    }

    [Fact]
    public void A_busy_stream_is_dead_after_five_seconds_once_it_is_known()
    {
        GapModel model = new(GapPrior.Of(StreamKind.Trades)!);
        Feed(model, Gaps(new Random(3), 0.1, 90));
        Assert.InRange(model.LimitMs, GapModel.LeastMs, 6_000);
    }

    [Fact]
    public void Little_is_claimed_of_a_stream_that_is_hardly_known()
    {
        GapModel model = new(GapPrior.Of(StreamKind.Trades)!);
        Feed(model, Enumerable.Repeat(100.0, 50));
        Assert.Equal(600_000, model.LimitMs);
    }

    [Fact]
    public void A_limit_is_three_times_the_expected_gap()
    {
        GapModel model = new(GapPrior.Of(StreamKind.Trades)!);
        Feed(model, Gaps(new Random(5), 8, 3_600));
        Assert.Equal(model.LimitMs, 3 * model.ExpectedMs, 1e-6);
        Assert.True(model.ExpectedMs > 8_000, $"expected gap {model.ExpectedMs} ms");
    }

    [Fact]
    public void A_real_outage_teaches_nothing_and_a_false_alarm_a_little()
    {
        GapModel model = new(GapPrior.Of(StreamKind.PartialDepth)!);
        Feed(model, Enumerable.Repeat(100.0, 1_000));
        long limit = model.LimitMs;
        model.HeardAgain(model.LastTime + 300_000, limit, wasReal: true);
        Assert.Equal(limit, model.LimitMs);
        model.HeardAgain(model.LastTime + 300_000, limit, wasReal: false);
        Assert.InRange(model.LimitMs, (3 * limit) - 1, 3 * limit);
    }

    [Fact]
    public void No_illiquid_stream_is_called_dead_and_every_dead_one_is_within_its_limit()
    {
        Gen<(int Seed, double Mean, double Burst)> cases =
            from seed in Gen.Choose(1, int.MaxValue - 1)
            from mean in Gen.Elements(0.05, 0.3, 1.0, 4.0, 15.0, 60.0, 180.0)
            from burst in Gen.Elements(1.0, 5.0, 30.0)
            select (seed, mean, burst);
        Prop.ForAll(
            Arb.From(cases),
            each =>
            {
                Random random = new(each.Seed);
                GapModel model = new(GapPrior.Of(StreamKind.Trades)!);
                double now = Start;
                int alarms = 0;
                int late = 0;
                int messages = 0;
                while (now < Start + (6 * 3_600_000.0))
                {
                    // Bursts of ten minutes in each hour: the quiet after them must not be called dead.
                    bool inBurst = ((now - Start) / 600_000 % 6) < 1;
                    double gap = Exponential(random, (inBurst ? each.Mean / each.Burst : each.Mean) * 1000);
                    messages++;
                    if (gap > model.LimitMs && model.LimitMs < 600_000)
                    {
                        alarms++;
                        late += now > Start + 3_600_000 ? 1 : 0;
                        model.HeardAgain((long)(now + gap), model.LimitMs, wasReal: false);
                    }

                    now += gap;
                    model.Heard((long)now);
                }

                // A stream that is first met in a burst has to teach its quiet hours once: each false alarm triples the
                // limit.
                int allowed = each.Burst > 1 ? 4 : 1;
                return (alarms <= allowed && late <= 1).Label(
                    $"{alarms} false alarms of {messages} gaps, {late} of them late")
                    .And(model.LimitMs <= Math.Max(GapModel.LeastMs, 80 * each.Mean * 1000) || each.Burst > 1);
            }).Check(Config.QuickThrowOnFailure.WithMaxTest(60));
    }

    internal static IEnumerable<double> Gaps(Random random, double meanSeconds, double seconds)
    {
        for (double sum = 0; sum < seconds * 1000;)
        {
            double gap = Exponential(random, meanSeconds * 1000);
            sum += gap;
            yield return gap;
        }
    }

    private static double Exponential(Random random, double mean) => -mean * Math.Log(1 - random.NextDouble());

    private static void Feed(GapModel model, IEnumerable<double> gaps)
    {
        double now = model.LastTime == 0 ? Start : model.LastTime;
        model.Heard((long)now);
        foreach (double gap in gaps)
        {
            now += gap;
            model.Heard((long)now);
        }
    }
}
