using Feeds.Core;
using Feeds.Hosting;
using Feeds.Http;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Feeds.Terminal;

/// <summary>Shows a status again and again: over itself on a terminal, one below the other elsewhere.</summary>
internal sealed class LiveStatus(Screen screen, TimeProvider time)
{
    // How often a tick is looked at before it is shown without the rows that are still to come.
    private const int MaxLooks = 6;

    /// <summary>Lines to show below the table, such as where the rows go.</summary>
    public IReadOnlyList<string> Footer { get; init; } = [];

    /// <summary>Shows the status until cancelled. An asker's failure is shown, and the next look may work again.</summary>
    /// <param name="ask">Gives the newest status; a first failure ends this.</param>
    /// <param name="every">Time between looks.</param>
    /// <param name="eachTickOnly">True to print, where nothing can be written over, only when there are new rows.</param>
    /// <param name="cancellationToken">Ends it; not an error.</param>
    public async Task RunAsync(
        Func<CancellationToken, Task<StatusDocument>> ask, TimeSpan every, bool eachTickOnly, CancellationToken cancellationToken)
    {
        StatusDocument status = await ask(cancellationToken);
        if (!screen.IsLive)
        {
            await PrintAsync(ask, every, eachTickOnly, cancellationToken);
            return;
        }
        await screen.Console.Live(View(status, null)).AutoClear(false).Overflow(VerticalOverflow.Ellipsis).StartAsync(async context =>
        {
            while (await Waiting.ForAsync(every, time, cancellationToken))
            {
                string? failure = null;
                try
                {
                    status = await ask(cancellationToken);
                }
                catch (FeedsException e)
                {
                    failure = e.Message;
                }
                catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
                {
                    return;
                }
                context.UpdateTarget(View(status, failure));
            }
        });
    }

    private async Task PrintAsync(
        Func<CancellationToken, Task<StatusDocument>> ask, TimeSpan every, bool eachTickOnly, CancellationToken cancellationToken)
    {
        DateTimeOffset? shown = null;
        int looks = 0;
        do
        {
            StatusDocument status;
            try
            {
                status = await ask(cancellationToken);
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                return;
            }
            if (eachTickOnly && (status.LastTickTime is null || status.LastTickTime == shown)) continue;
            if (eachTickOnly && !IsWhole(status) && looks++ < MaxLooks) continue;
            looks = 0;
            shown = status.LastTickTime;
            screen.Console.Write(View(status, null));
        }
        while (await Waiting.ForAsync(every, time, cancellationToken));
    }

    // The rows of a tick come one after the other; a symbol that is not traded has none.
    private static bool IsWhole(StatusDocument status) =>
        status.Symbols.All(symbol => symbol.Row is { } row && row.Timestamp == status.LastTickTime);

    private Rows View(StatusDocument status, string? failure)
    {
        List<IRenderable> parts = [StatusView.Of(status, screen.Width)];
        if (failure is not null) parts.Add(new Text(PlainText.Of(failure), new Style(Color.Red)));
        parts.AddRange(Footer.Select(static line => new Text(PlainText.Of(line))));
        return new Rows(parts);
    }
}
