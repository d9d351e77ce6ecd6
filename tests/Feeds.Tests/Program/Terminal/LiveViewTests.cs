using Feeds.Core;
using Feeds.Terminal;
using Feeds.Tests.Time;
using Spectre.Console;
using Spectre.Console.Rendering;
using Xunit;

namespace Feeds.Tests.Program.Terminal;

public sealed class LiveViewTests : IDisposable
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(5);

    private readonly ManualTimeProvider _clock = new();
    private readonly StringWriter _output = new();
    private readonly StringWriter _errors = new();

    public void Dispose()
    {
        _output.Dispose();
        _errors.Dispose();
    }

    [Fact]
    public async Task Looks_follow_each_other_a_failed_one_is_told_and_the_end_is_no_error()
    {
        using CancellationTokenSource over = new();
        Queue<Func<IRenderable?>> looks = new(
        [
            static () => new Text("one"),
            static () => throw new FeedsException("no node\u001b[2J answers"),
            static () => null,
            static () => new Text("two"),
        ]);
        Task watching = View().RunAsync(_ => Task.FromResult(looks.Dequeue()()), Every, over.Token);
        for (int left = looks.Count; left > 0; left--)
        {
            Assert.Equal(1, _clock.PendingTimers);
            _clock.Advance(Every - TimeSpan.FromMilliseconds(1));
            Assert.Equal(left, looks.Count);
            _clock.Advance(TimeSpan.FromMilliseconds(1));
            Assert.True(
                SpinWait.SpinUntil(
                    () => looks.Count == left - 1 && _clock.PendingTimers == 1, TimeSpan.FromSeconds(60)));
        }

        await over.CancelAsync();
        await watching.WaitAsync(TimeSpan.FromSeconds(60));

        Assert.Equal("one\ntwo", _output.ToString().ReplaceLineEndings("\n").Trim());
        Assert.Equal(
            "feeds: no node\\x1b[2J answers",
            Assert.Single(_errors.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries)).Trim());
    }

    [Fact]
    public async Task A_first_look_that_fails_is_the_end()
    {
        await Assert.ThrowsAsync<FeedsException>(() => View().RunAsync(
            static _ => throw new FeedsException("no node answers"), Every, CancellationToken.None));
        Assert.Equal("", _output.ToString() + _errors);
    }

    private LiveView View() => new(Screen.OfText(_output), _clock, _errors);
}
