using Npgsql;

namespace Feeds.Storage.Leases;

/// <summary>What the referee answers to a renewal, in its own words; who asked judges it.</summary>
/// <param name="IsMember">False when the lease of the node that asked was not there to be renewed.</param>
/// <param name="Identity">Which database it is; null when it has forgotten.</param>
/// <param name="Time">Its clock, epoch ms.</param>
/// <param name="Members">All nodes that it knows.</param>
/// <param name="Leases">All leases that it ever gave, of symbols that are not watched any more too.</param>
internal sealed record RefereeAnswer(
    bool IsMember,
    Guid? Identity,
    long Time,
    IReadOnlyList<Member> Members,
    IReadOnlyList<(string Symbol, string? Owner, long Epoch, bool IsWatched)> Leases)
{
    /// <summary>
    /// Reads the results of <see cref="LeaseSql.Renew"/>, <see cref="LeaseSql.Referee"/>,
    /// <see cref="LeaseSql.Members"/> and <see cref="LeaseSql.Leases"/>, in this order.
    /// </summary>
    public static async Task<RefereeAnswer> ReadAsync(NpgsqlDataReader reader, CancellationToken cancellationToken)
    {
        bool isMember = await reader.ReadAsync(cancellationToken);
        await reader.NextResultAsync(cancellationToken);
        Guid? identity = null;
        long time = 0;
        while (await reader.ReadAsync(cancellationToken))
        {
            identity = reader.GetGuid(0);
            time = reader.GetInt64(1);
        }

        await reader.NextResultAsync(cancellationToken);
        List<Member> members = [];
        while (await reader.ReadAsync(cancellationToken))
        {
            members.Add(new Member(
                reader.GetString(0),
                reader.GetString(1),
                reader.GetInt64(2),
                reader.GetInt64(3),
                reader.GetBoolean(4),
                reader.GetBoolean(5)));
        }

        await reader.NextResultAsync(cancellationToken);
        List<(string Symbol, string? Owner, long Epoch, bool IsWatched)> leases = [];
        while (await reader.ReadAsync(cancellationToken))
        {
            string? owner = await reader.IsDBNullAsync(1, cancellationToken) ? null : reader.GetString(1);
            leases.Add((reader.GetString(0), owner, reader.GetInt64(2), reader.GetBoolean(3)));
        }

        return new RefereeAnswer(isMember, identity, time, members, leases);
    }
}
