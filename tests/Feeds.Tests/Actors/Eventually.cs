using Xunit;

namespace Feeds.Tests.Actors;

/// <summary>Waits for a condition that another thread brings about; real time only bounds a failing test.</summary>
internal static class Eventually
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(20);

    public static async Task True(Func<bool> condition, string what)
    {
        var started = TimeProvider.System.GetTimestamp();
        while (!condition())
        {
            if (TimeProvider.System.GetElapsedTime(started) > Deadline) Assert.Fail($"Not within {Deadline}: {what}");
            await Task.Delay(1);
        }
    }

    /// <summary>Awaits a task that must end by itself.</summary>
    public static Task Ends(this Task task) => task.WaitAsync(Deadline);

    /// <summary>Awaits a task that must end by itself.</summary>
    public static Task<T> Ends<T>(this Task<T> task) => task.WaitAsync(Deadline);
}
