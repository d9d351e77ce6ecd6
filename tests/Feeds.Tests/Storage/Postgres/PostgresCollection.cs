using Xunit;

namespace Feeds.Tests.Storage.Postgres;

/// <summary>
/// Tests that share one server, each with a database of its own; one after another, as they are about time.
/// </summary>
[CollectionDefinition("postgres")]
public sealed class PostgresCollection : ICollectionFixture<PostgresFixture>;
