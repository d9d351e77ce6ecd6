using System.Text.Json.Nodes;
using Feeds.Actors.Tree;

namespace Feeds.Http;

/// <summary>An actor as <c>GET /actors</c> shows it.</summary>
internal sealed record ActorDocument
{
    /// <summary>Names from the top down, joined by <c>/</c>; empty for the node itself.</summary>
    public required string Path { get; init; }

    /// <summary>The last name of the path.</summary>
    public required string Name { get; init; }

    /// <summary>What it is.</summary>
    public required string Kind { get; init; }

    /// <summary>
    /// <c>RUNNING</c>, <c>STARTING</c>, <c>BACKOFF</c>, <c>PARKED</c>, <c>STOPPING</c> or <c>STOPPED</c>.
    /// </summary>
    public required string State { get; init; }

    /// <summary>Messages that wait, and how many may.</summary>
    public MailboxDocument Mailbox { get; init; } = new(0, 0, 0, 0);

    /// <summary>Messages taken since the first start.</summary>
    public long Processed { get; init; }

    /// <summary>Messages per second over the last seconds.</summary>
    public double Rate { get; init; }

    /// <summary>Messages that a newer one replaced.</summary>
    public long Replaced { get; init; }

    /// <summary>Restarts since the first start.</summary>
    public int Restarts { get; init; }

    /// <summary>The newest failure; null when there was none.</summary>
    public FailureDocument? LastFailure { get; init; }

    /// <summary>The newest failures, the oldest first; in <c>GET /actors/inspect</c> only.</summary>
    public IReadOnlyList<FailureDocument> Failures { get; init; } = [];

    /// <summary>When the next instance is due; null unless the state is BACKOFF.</summary>
    public DateTimeOffset? NextRestart { get; init; }

    /// <summary>What it shows of its state; in <c>GET /actors/inspect</c> only.</summary>
    public JsonNode? Inspection { get; init; }

    /// <summary>The actors below.</summary>
    public IReadOnlyList<ActorDocument> Children { get; init; } = [];

    /// <summary>Returns the document of an actor and those below.</summary>
    public static ActorDocument Of(ActorNode actor) => new()
    {
        Path = actor.Path,
        Name = actor.Name,
        Kind = actor.Kind,
        State = actor.State.ToString().ToUpperInvariant(),
        Mailbox = new MailboxDocument(
            actor.Mailbox.Total, actor.Mailbox.DataCapacity, actor.Mailbox.Commands, actor.Mailbox.CommandCapacity),
        Processed = actor.Processed,
        Rate = Math.Round(actor.Rate, 1),
        Replaced = actor.Replaced,
        Restarts = actor.Restarts,
        LastFailure = actor.LastFailure is { } f ? FailureDocument.Of(f) : null,
        NextRestart = actor.NextRestart,
        Children = [.. actor.Children.Select(Of)],
    };
}

/// <summary>How full a mailbox is.</summary>
internal sealed record MailboxDocument(int Waiting, int Capacity, int Commands, int CommandCapacity);

/// <summary>A failure of an actor.</summary>
internal sealed record FailureDocument(string Type, string Message, DateTimeOffset Time)
{
    /// <summary>Returns the document of a failure.</summary>
    public static FailureDocument Of(ActorFailure failure) => new(failure.Type, failure.Message, failure.Time);
}

/// <summary>What was done.</summary>
/// <param name="Done">One sentence.</param>
internal sealed record DoneDocument(string Done);

/// <summary>Names an actor.</summary>
internal sealed record ActorRequest(string? Path);

/// <summary>Names a symbol.</summary>
internal sealed record SymbolRequest(string? Symbol);

/// <summary>A watched symbol.</summary>
internal sealed record WatchedDocument(string Symbol, string Health);
