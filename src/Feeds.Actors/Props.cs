using Feeds.Actors.Mailboxes;
using Feeds.Actors.Supervision;

namespace Feeds.Actors;

/// <summary>The recipe for an actor: how an instance is made, its mailbox, and how it is supervised.</summary>
/// <typeparam name="TMessage">What the actor understands.</typeparam>
public sealed record Props<TMessage>
{
    /// <summary>Creates a recipe with the default mailbox and supervision.</summary>
    /// <param name="factory">Makes a new instance, once at the start and once for each restart.</param>
    public Props(Func<Actor<TMessage>> factory)
    {
        ArgumentNullException.ThrowIfNull(factory);
        Factory = factory;
    }

    /// <summary>Makes a new instance. A throw counts as a failure of the actor.</summary>
    public Func<Actor<TMessage>> Factory { get; }

    /// <summary>Bounds and message classes of the mailbox.</summary>
    public MailboxOptions<TMessage> Mailbox { get; init; } = new();

    /// <summary>What follows a failure of this actor.</summary>
    public SupervisorStrategy Supervision { get; init; } = SupervisorStrategy.Default;
}
