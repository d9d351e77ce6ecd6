namespace Feeds.Actors;

/// <summary>
/// The place for the one answer to an <see cref="ActorRef{TMessage}.Ask"/>; travels inside the question.
/// </summary>
/// <typeparam name="TReply">What is answered.</typeparam>
public sealed class Reply<TReply>
{
    // The asker's continuation must not run inside the answering actor.
    private readonly TaskCompletionSource<TReply> _source = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Creates an open place, for tests and for messages made by hand.</summary>
    public Reply()
    {
    }

    /// <summary>Ends with the answer, or with the failure that was given instead.</summary>
    public Task<TReply> Task => _source.Task;

    /// <summary>Answers. False when an answer or a failure was there already, or the asker is gone.</summary>
    public bool TrySet(TReply reply) => _source.TrySetResult(reply);

    /// <summary>
    /// Answers with a failure, which the asker sees as a throw. False when an answer was there already.
    /// </summary>
    public bool TryFail(Exception failure) => _source.TrySetException(failure);

    /// <summary>Takes no answer any more; the task is cancelled when there was none.</summary>
    internal void Close() => _source.TrySetCanceled(CancellationToken.None);
}
