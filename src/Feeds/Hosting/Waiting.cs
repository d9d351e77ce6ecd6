namespace Feeds.Hosting;

/// <summary>Waits that end without an exception.</summary>
internal static class Waiting
{
    /// <summary>Ends when the token is cancelled.</summary>
    public static async Task ForCancelAsync(CancellationToken cancellationToken)
    {
        TaskCompletionSource cancelled = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await using CancellationTokenRegistration registration = cancellationToken.Register(
            () => cancelled.TrySetResult());
        await cancelled.Task;
    }

    /// <summary>Ends after a time; false when the token was cancelled before.</summary>
    public static async Task<bool> ForAsync(TimeSpan span, TimeProvider time, CancellationToken cancellationToken)
    {
        try
        {
            await Task.Delay(span, time, cancellationToken);
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }
}
