namespace Feeds.Storage.Schema;

/// <summary>The database's schema is of a newer program. Nothing was changed.</summary>
public sealed class SchemaVersionException : StorageException
{
    internal SchemaVersionException(string database, int major)
        : base(
            database,
            $"{database}: the schema is of major version {major} and this program knows {SchemaSql.Major}: use a "
            + "newer program")
    {
    }
}
