using Npgsql;

namespace Feeds.Storage.Schema;

/// <summary>Tells the faults of the database apart.</summary>
internal static class SqlFaults
{
    /// <summary>True when an exception comes from the database or the way to it.</summary>
    public static bool IsFault(Exception failure) =>
        failure is NpgsqlException or IOException or TimeoutException or System.Net.Sockets.SocketException;

    /// <summary>Returns what is to be done about an exception for which <see cref="IsFault"/> is true.</summary>
    public static SqlFault Classify(Exception failure)
    {
        if (failure is not PostgresException { SqlState: string state })
        {
            return SqlFault.BackOff;
        }

        return state switch
        {
            PostgresErrorCodes.SerializationFailure or PostgresErrorCodes.DeadlockDetected
                or PostgresErrorCodes.LockNotAvailable => SqlFault.Retry,
            PostgresErrorCodes.UniqueViolation => SqlFault.Duplicate,
            PostgresErrorCodes.ReadOnlySqlTransaction or PostgresErrorCodes.InvalidTransactionState
                or PostgresErrorCodes.InFailedSqlTransaction or "25P03" => SqlFault.BackOff,
            _ when state.StartsWith("08", StringComparison.Ordinal) || state.StartsWith("53", StringComparison.Ordinal)
                || state.StartsWith("57", StringComparison.Ordinal) || state.StartsWith("58", StringComparison.Ordinal)
                || state.StartsWith("XX", StringComparison.Ordinal) => SqlFault.BackOff,
            _ when state.StartsWith("22", StringComparison.Ordinal)
                || state.StartsWith("23", StringComparison.Ordinal) =>
                SqlFault.Value,
            _ => SqlFault.Stop,
        };
    }

    /// <summary>
    /// Returns one line for a person. Of an exception only what is known to be harmless is taken: never the connection
    /// string, never the values of a row.
    /// </summary>
    public static string Describe(Exception failure) => failure switch
    {
        PostgresException sql => $"{sql.SqlState}: {sql.MessageText}",
        NpgsqlException { InnerException: System.Net.Sockets.SocketException socket } => socket.Message,
        NpgsqlException { InnerException: TimeoutException } or TimeoutException => "no answer in time",
        System.Net.Sockets.SocketException socket => socket.Message,
        _ => "the connection failed",
    };
}
