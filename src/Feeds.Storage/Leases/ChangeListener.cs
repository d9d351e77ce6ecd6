using System.Threading.Channels;
using Feeds.Storage.Schema;
using Npgsql;

namespace Feeds.Storage.Leases;

/// <summary>
/// Listens for what other nodes announce, on a connection of its own that is made anew when it is lost. One word may
/// wait; more say no more than it.
/// </summary>
internal sealed class ChangeListener : IAsyncDisposable
{
    private static readonly TimeSpan Retry = TimeSpan.FromSeconds(1);

    private readonly Channel<bool> _words = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    private readonly CancellationTokenSource _stopping = new();
    private readonly PostgresDatabase _database;
    private readonly string _channel;
    private readonly string _self;
    private readonly TimeProvider _time;
    private readonly Task _listening;

    public ChangeListener(PostgresDatabase database, string channel, string self, TimeProvider time)
    {
        _database = database;
        _channel = channel;
        _self = self;
        _time = time;
        _listening = ListenAsync(_stopping.Token);
    }

    public async Task WaitAsync(CancellationToken cancellationToken) =>
        await _words.Reader.ReadAsync(cancellationToken);

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _listening;
        _stopping.Dispose();
    }

    private async Task ListenAsync(CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                await using NpgsqlConnection connection = _database.NewConnection();
                await connection.OpenAsync(cancellationToken);
                connection.Notification += (_, word) => Note(word.Payload);
                await using (NpgsqlCommand listen = new("LISTEN " + SqlName.Quote(_channel), connection))
                {
                    await listen.ExecuteNonQueryAsync(cancellationToken);
                }

                // What was announced while nobody listened is lost: there may have been something.
                _words.Writer.TryWrite(true);
                while (true)
                {
                    // Asked now and then, so that a connection that died without a word is noticed.
                    if (!await connection.WaitAsync(TimeSpan.FromSeconds(15), cancellationToken))
                    {
                        await using NpgsqlCommand alive = new("SELECT 1", connection);
                        await alive.ExecuteNonQueryAsync(cancellationToken);
                    }
                }
            }
            catch (Exception failure) when (SqlFaults.IsFault(failure) || failure is OperationCanceledException)
            {
                await Task.Delay(Retry, _time, cancellationToken)
                    .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private void Note(string payload)
    {
        if (payload != _self)
        {
            _words.Writer.TryWrite(true);
        }
    }
}
