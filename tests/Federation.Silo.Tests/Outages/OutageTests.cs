using Federation.Silo.Outages;
using Federation.Storage;
using Microsoft.Data.Sqlite;
using Npgsql;
using Shouldly;
using Xunit;

namespace Federation.Silo.Tests.Outages;

/// <summary>A database that is away, a disk that is full and a call that took too long are three things, whichever way they come.</summary>
public sealed class OutageTests
{
    [Theory]
    [InlineData("53100", "Disk")]
    [InlineData("58030", "Disk")]
    [InlineData("53300", "Connections")]
    [InlineData("57014", "Time")]
    [InlineData("57P01", "Database")]
    [InlineData("25006", "Database")]
    [InlineData("42601", null)]
    public void PostgreSQL_says_by_its_code_what_is_out(string state, string? kind)
    {
        var fault = new PostgresException("what happened", "ERROR", "ERROR", state);

        IsSaidOf(fault, kind);
        IsSaidOf(new InvalidOperationException("wrapped", fault), kind);
    }

    [Theory]
    [InlineData(13, "Disk")]
    [InlineData(10, "Disk")]
    [InlineData(8, "Disk")]
    [InlineData(14, "Disk")]
    [InlineData(5, "Time")]
    [InlineData(1, null)]
    public void SQLite_says_by_its_code_what_is_out(int code, string? kind) => IsSaidOf(new SqliteException("what happened", code), kind);

    [Fact]
    public void A_command_that_ran_out_of_time_took_too_long_and_a_line_that_broke_is_a_database_that_is_away()
    {
        IsSaidOf(new NpgsqlException("reading", new TimeoutException()), "Time");
        IsSaidOf(new NpgsqlException("reading", new IOException("reset")), "Database");
        IsSaidOf(new TimeoutException("a grain did not answer"), "Time");
        IsSaidOf(new OperationCanceledException(), "Time");
    }

    [Theory]
    [InlineData(StorageOutage.Away, "Database")]
    [InlineData(StorageOutage.Disk, "Disk")]
    [InlineData(StorageOutage.Slow, "Time")]
    [InlineData(StorageOutage.NoConnections, "Connections")]
    public void What_another_silo_tells_of_its_storage_is_what_is_out(StorageOutage outage, string kind) =>
        IsSaidOf(new StorageUnavailableException("told by another silo", outage), kind);

    private static void IsSaidOf(Exception fault, string? kind) => Outage.KindOf(fault)?.ToString().ShouldBe(kind);
}
