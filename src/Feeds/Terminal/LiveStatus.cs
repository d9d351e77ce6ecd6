using Feeds.Http;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Feeds.Terminal;

/// <summary>Shows the status of a node in this process: live on a terminal, elsewhere once for each tick.</summary>
internal sealed class LiveStatus(Screen screen, TimeProvider time)
{
    // How often a tick is looked at before it is shown without the rows that are still to come.
    private const int MaxLooks = 6;

    private DateTimeOffset? _shown;
    private int _looks;

    /// <summary>Lines to show below the table, such as where the rows go.</summary>
    public IReadOnlyList<string> Footer { get; init; } = [];

    /// <summary>Shows the status until cancelled.</summary>
    /// <param name="ask">Gives the newest status.</param>
    /// <param name="every">Time between looks.</param>
    /// <param name="cancellationToken">Ends it; not an error.</param>
    public Task RunAsync(Func<StatusDocument> ask, TimeSpan every, CancellationToken cancellationToken) =>
        new LiveView(screen, time, TextWriter.Null).RunAsync(
            _ => Task.FromResult<IRenderable?>(Look(ask())), every, cancellationToken);

    private Rows? Look(StatusDocument status)
    {
        if (!screen.IsLive)
        {
            if (status.LastTickTime is null || status.LastTickTime == _shown) return null;
            if (!IsWhole(status) && _looks++ < MaxLooks) return null;
            _looks = 0;
            _shown = status.LastTickTime;
        }

        return new Rows(
            [StatusView.Of(status, screen.Width), .. Footer.Select(static line => new Text(PlainText.Of(line)))]);
    }

    // The rows of a tick come one after the other; a symbol that is not traded has none.
    private static bool IsWhole(StatusDocument status) =>
        status.Symbols.All(symbol => symbol.Row is { } row && row.Timestamp == status.LastTickTime);
}
