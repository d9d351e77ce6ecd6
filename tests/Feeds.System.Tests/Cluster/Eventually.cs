using Xunit;

namespace Feeds.System.Tests.Cluster;

/// <summary>Waits for what must come about, with patience for a busy machine.</summary>
internal static class Eventually
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    public static async Task IsTrueAsync(Func<Task<bool>> condition, TimeSpan patience, Func<string> otherwise)
    {
        long started = TimeProvider.System.GetTimestamp();
        while (!await condition())
        {
            Assert.True(TimeProvider.System.GetElapsedTime(started) < patience, otherwise());
            await Task.Delay(Pause);
        }
    }
}
