using System.Net.Sockets;
using Feeds.Storage.Schema;
using Npgsql;
using Xunit;

namespace Feeds.Tests.Storage.Schema;

public sealed class SqlFaultsTests
{
    [Theory]
    [InlineData("40001", "Retry")] // serialization failure
    [InlineData("40P01", "Retry")] // deadlock
    [InlineData("55P03", "Retry")] // a lock was not had in time
    [InlineData("08006", "BackOff")] // the connection failed
    [InlineData("53100", "BackOff")] // its disk is full
    [InlineData("53300", "BackOff")] // too many connections
    [InlineData("57014", "BackOff")] // the statement took too long
    [InlineData("57P01", "BackOff")] // it is being shut down
    [InlineData("57P03", "BackOff")] // it is starting
    [InlineData("25006", "BackOff")] // it is a standby, or read-only
    [InlineData("25P03", "BackOff")] // the session sat in its transaction for too long
    [InlineData("XX000", "BackOff")] // an internal error
    [InlineData("23505", "Duplicate")]
    [InlineData("22003", "Value")]
    [InlineData("23514", "Value")]
    [InlineData("42P01", "Stop")] // a table is gone
    [InlineData("42501", "Stop")] // a right is missing
    [InlineData("28P01", "Stop")] // the password is wrong
    [InlineData("3D000", "Stop")] // there is no such database
    public void Each_fault_is_answered_as_it_deserves(string state, string answer)
    {
        PostgresException failure = new("the message", "ERROR", "ERROR", state);
        Assert.Equal(answer, SqlFaults.Classify(failure).ToString());
        Assert.Equal($"{state}: the message", SqlFaults.Describe(failure));
        Assert.Equal(answer is "Stop" or "Value", new DatabaseException("db", "db: it failed", failure).IsForPerson);
    }

    [Fact]
    public void A_server_that_does_not_answer_is_waited_for_and_nothing_of_the_connection_is_told()
    {
        NpgsqlException failure = new(
            "Failed to connect to user=feeds password=canary", new SocketException((int)SocketError.ConnectionRefused));
        Assert.Equal(SqlFault.BackOff, SqlFaults.Classify(failure));
        Assert.DoesNotContain("canary", SqlFaults.Describe(failure), StringComparison.Ordinal);
    }
}
