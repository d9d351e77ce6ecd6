using Feeds.Engine;
using Feeds.Storage.Schema;
using Feeds.Tests.Actors;
using Feeds.Tests.Time;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace Feeds.Tests.Engine;

public sealed class DatabaseWaitTests
{
    private static readonly DatabaseException Away = new("db", "db: it is away", isForPerson: false);
    private readonly ManualTimeProvider _clock = new();
    private readonly DatabaseWait _wait;
    private int _tries;

    public DatabaseWaitTests() => _wait = new DatabaseWait(_clock, NullLogger.Instance);

    [Fact]
    public async Task It_tries_until_the_database_is_there_and_says_meanwhile_what_it_waits_for()
    {
        Task<int> waiting = _wait.RunAsync(
            _ => ++_tries < 8 ? throw Away : Task.FromResult(7), TestContext.Current.CancellationToken);
        Assert.Equal("db: it is away", _wait.Reason);
        await Eventually.True(
            () =>
            {
                _clock.Advance(TimeSpan.FromSeconds(5));
                return waiting.IsCompleted;
            },
            "it is there");
        Assert.Equal(7, await waiting);
        Assert.Null(_wait.Reason);
    }

    [Fact]
    public async Task What_a_person_must_mend_is_not_waited_for()
    {
        DatabaseException wrong = new("db", "db: the password is wrong", isForPerson: true);
        Assert.Same(wrong, await Assert.ThrowsAsync<DatabaseException>(
            () => _wait.RunAsync<int>(_ => throw wrong, TestContext.Current.CancellationToken)));
    }

    [Fact]
    public async Task A_stop_ends_the_waiting()
    {
        using CancellationTokenSource stop = new();
        Task<int> waiting = _wait.RunAsync<int>(_ => throw Away, stop.Token);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
    }
}
