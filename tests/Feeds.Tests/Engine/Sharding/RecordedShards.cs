using Feeds.Engine.Sharding;
using Feeds.Storage.Leases;

namespace Feeds.Tests.Engine.Sharding;

/// <summary>Writes down what the region does with symbols.</summary>
internal sealed class RecordedShards : IShards
{
    private readonly Lock _gate = new();
    private readonly List<string> _done = [];

    private readonly HashSet<SymbolLease> _running = [];

    public Exception? Failure { get; set; }

    public IReadOnlySet<SymbolLease> Running
    {
        get
        {
            lock (_gate)
            {
                return _running.ToHashSet();
            }
        }
    }

    public Task HandingOver { get; set; } = Task.CompletedTask;

    public IReadOnlyList<string> Done
    {
        get
        {
            lock (_gate)
            {
                return [.. _done];
            }
        }
    }

    public Task StartAsync(IReadOnlyList<SymbolLease> leases, bool handedOver, CancellationToken cancellationToken)
    {
        if (Failure is { } failure)
        {
            return Task.FromException(failure);
        }

        Note(handedOver ? "start" : "take over", leases);
        return Task.CompletedTask;
    }

    public async Task HandOverAsync(
        IReadOnlyList<SymbolLease> leases, bool keepStates, CancellationToken cancellationToken)
    {
        Note(keepStates ? "hand over" : "end", leases);
        await HandingOver.WaitAsync(cancellationToken);
    }

    public Task DropAsync(IReadOnlyList<SymbolLease> leases, CancellationToken cancellationToken)
    {
        Note("drop", leases);
        return Task.CompletedTask;
    }

    private void Note(string what, IReadOnlyList<SymbolLease> leases)
    {
        lock (_gate)
        {
            if (what is "start" or "take over")
            {
                _running.UnionWith(leases);
            }
            else
            {
                _running.ExceptWith(leases);
            }

            _done.AddRange(
                leases.OrderBy(static lease => lease.Symbol).Select(lease => $"{what} {lease.Symbol} {lease.Epoch}"));
        }
    }
}
