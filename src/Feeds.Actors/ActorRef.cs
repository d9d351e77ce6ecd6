using Feeds.Actors.Mailboxes;
using Feeds.Actors.Tree;

namespace Feeds.Actors;

/// <summary>
/// The address of an actor. Telling hands the message over, whatever the outcome: a message that the mailbox does not
/// take becomes a dead letter, is counted, and goes through <see cref="MailboxOptions{TMessage}.Discarded"/>.
/// The address stays valid over restarts. Safe from any thread.
/// </summary>
/// <typeparam name="TMessage">What the actor understands.</typeparam>
public sealed class ActorRef<TMessage> : Recipient<TMessage>, IActorRef
{
    internal ActorRef(ActorLoop<TMessage> cell)
        : base(cell)
    {
    }

    /// <inheritdoc/>
    public ActorState State => Loop.State;

    /// <inheritdoc/>
    public Task Stopped => Loop.Stopped;

    ActorCell IActorRef.Cell => Loop;

    /// <summary>
    /// Puts the message into the mailbox and waits for room while its queue is full. True when it is in; false when it
    /// became a dead letter because the actor is parked, stopping or stopped. After a cancel the message is a dead
    /// letter. Messages of one sender that awaits each call stay in order. Not for an actor's own mailbox: it would
    /// wait for itself.
    /// </summary>
    /// <exception cref="OperationCanceledException">Cancelled while it waited.</exception>
    public ValueTask<bool> TellAsync(in TMessage message, CancellationToken cancellationToken = default)
    {
        var answer = Loop.Mailbox.Offer(in message);
        if (answer == OfferResult.Taken) return new ValueTask<bool>(true);
        return TellSlowlyAsync(message, answer, cancellationToken);
    }

    /// <summary>
    /// Sends a question and returns its one answer. Waits for room and for the answer, both within the timeout.
    /// After a cancel or a time-out the question may still be answered; the answer is then dropped.
    /// </summary>
    /// <param name="question">Makes the message around the place for its reply.</param>
    /// <param name="timeout">Above zero; measured on the system's time provider.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <exception cref="AskTimeoutException">No answer in time.</exception>
    /// <exception cref="ActorStoppedException">The actor is gone, or went before it answered.</exception>
    /// <exception cref="OperationCanceledException">Cancelled before the answer.</exception>
    public async Task<TReply> Ask<TReply>(
        Func<Reply<TReply>, TMessage> question, TimeSpan timeout, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(question);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(timeout, TimeSpan.Zero);
        var reply = new Reply<TReply>();
        using var limit = new CancellationTokenSource(timeout, Loop.TimeProvider);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            if (!await TellAsync(question(reply), either.Token)) throw new ActorStoppedException(Path, State);
            await Task.WhenAny(reply.Task, Loop.Stopped).WaitAsync(either.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new AskTimeoutException(Path, timeout);
        }
        finally
        {
            // Lets go of the actor's end, which the waiting hangs on until one of the two comes.
            reply.Close();
        }
        return reply.Task.IsCanceled ? throw new ActorStoppedException(Path, State) : await reply.Task;
    }

    private async ValueTask<bool> TellSlowlyAsync(
        TMessage message, OfferResult answer, CancellationToken cancellationToken)
    {
        try
        {
            while (answer == OfferResult.Full)
            {
                await Loop.Mailbox.WaitForRoomAsync(message, cancellationToken);
                answer = Loop.Mailbox.Offer(in message);
            }
        }
        catch (OperationCanceledException)
        {
            Loop.Discard(message, DeadLetterReason.Cancelled);
            throw;
        }
        if (answer == OfferResult.Taken) return true;
        Loop.Discard(message, answer.Reason());
        return false;
    }
}
