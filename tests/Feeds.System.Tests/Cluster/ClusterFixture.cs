namespace Feeds.System.Tests.Cluster;

/// <summary>
/// Three nodes that the tests of a class share, one test after the other; made whole again before each.
/// </summary>
public sealed class ClusterFixture : IAsyncDisposable
{
    private static readonly string[] Names = ["node1", "node2", "node3"];
    private ClusterRig? _rig;

    public async ValueTask DisposeAsync()
    {
        if (_rig is not null)
        {
            await _rig.DisposeAsync();
        }
    }

    /// <summary>Returns the cluster with three nodes that run, every symbol where it belongs.</summary>
    internal async Task<ClusterRig> WholeAsync()
    {
        ClusterRig.Require();
        if (_rig is null)
        {
            _rig = await ClusterRig.StartAsync(1, Names);
            return _rig;
        }

        foreach (string name in Names.Except(_rig.Names))
        {
            _rig.Start(name);
        }

        await _rig.UntilPlacedAsync();
        return _rig;
    }
}
