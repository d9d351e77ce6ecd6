using Feeds.Core;
using Feeds.Hosting;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Feeds.Terminal;

/// <summary>Shows what looks give, again and again: over itself on a terminal, one below the other elsewhere.</summary>
/// <param name="screen">Where it is shown.</param>
/// <param name="time">Says when to look again.</param>
/// <param name="errors">Takes a line for each look that failed, where nothing can be written over.</param>
internal sealed class LiveView(Screen screen, TimeProvider time, TextWriter errors)
{
    /// <summary>
    /// Shows looks until cancelled. A look's failure is shown, and the next may work again; only the first one's ends
    /// this.
    /// </summary>
    /// <param name="look">Gives what to show; null leaves what is shown.</param>
    /// <param name="every">Time between looks.</param>
    /// <param name="cancellationToken">Ends it; not an error.</param>
    /// <exception cref="FeedsException">The first look failed.</exception>
    public async Task RunAsync(
        Func<CancellationToken, Task<IRenderable?>> look, TimeSpan every, CancellationToken cancellationToken)
    {
        IRenderable? first = await look(cancellationToken);
        if (!screen.IsLive)
        {
            bool any = first is not null;
            if (any) screen.Console.Write(first!);
            await AgainAsync(
                look,
                every,
                next =>
                {
                    if (any) screen.Console.WriteLine();
                    any = true;
                    screen.Console.Write(next);
                },
                failure => errors.WriteLine($"feeds: {PlainText.Of(failure)}"),
                cancellationToken);
            return;
        }

        IRenderable shown = first ?? Text.Empty;
        await screen.Console.Live(shown).AutoClear(false).Overflow(VerticalOverflow.Ellipsis).Cropping(
            VerticalOverflowCropping.Bottom).StartAsync(
            context => AgainAsync(
                look,
                every,
                next => context.UpdateTarget(shown = next),
                failure => context.UpdateTarget(new Rows(new Text(PlainText.Of(failure), new Style(Color.Red)), shown)),
                cancellationToken));
    }

    private async Task AgainAsync(
        Func<CancellationToken, Task<IRenderable?>> look,
        TimeSpan every,
        Action<IRenderable> show,
        Action<string> fail,
        CancellationToken cancellationToken)
    {
        while (await Waiting.ForAsync(every, time, cancellationToken))
        {
            try
            {
                if (await look(cancellationToken) is { } next) show(next);
            }
            catch (FeedsException e)
            {
                fail(e.Message);
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                return;
            }
        }
    }
}
