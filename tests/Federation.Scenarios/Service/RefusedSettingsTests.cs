using System.Net;
using System.Net.Sockets;
using Federation.Testing;
using Shouldly;
using Xunit;

namespace Federation.Scenarios.Service;

/// <summary>A service that cannot start as it is told to ends at once, and says in one sentence what is wrong, with which value, and what to do.</summary>
public sealed class RefusedSettingsTests
{
    [Theory]
    [InlineData("--Federation:SiloPort=99999", "Federation:SiloPort is '99999'", "65535")]
    [InlineData("--Federation:SiloPort=many", "'many' at 'Federation:SiloPort'", "correct it in")]
    [InlineData("--Federation:Limits:RequestSeconds=0", "Federation:Limits:RequestSeconds is '0'", "3600")]
    [InlineData("--Federation:Address=300.1.1.1", "Federation:Address is '300.1.1.1'", "name one of this machine")]
    [InlineData("--Federation:Database=Hots=db", "Federation:Database holds no connection string", "Host=db;Database=federation")]
    [InlineData("--Federation:DatabaseFile=/nowhere/database", "Federation:DatabaseFile is '/nowhere/database'", "can read")]
    public Task A_setting_that_is_wrong_is_named_with_its_value_and_what_would_be_right(string setting, string what, string remedy) =>
        IsRefused([setting], what, remedy);

    [Theory]
    [InlineData("--urls=http://127.0.0.1:{0}", "--urls")]
    [InlineData("--Federation:SiloPort={0}", "Federation:SiloPort")]
    public async Task A_port_that_is_taken_is_named_with_the_setting_that_names_another_one(string setting, string named)
    {
        using var taken = new TcpListener(IPAddress.Loopback, FreePort.Take());
        taken.Start();
        var port = ((IPEndPoint)taken.LocalEndpoint).Port;

        await IsRefused([string.Format(null, setting, port)], $"127.0.0.1:{port}", named);
    }

    [Fact]
    public async Task A_data_folder_that_cannot_be_written_is_named_with_what_to_do()
    {
        await using var folder = await ReadOnlyFolder.Make();

        await IsRefused([$"--Federation:Data={folder.Path}"], $"'{folder.Path}' cannot be written", "make it writable for user");
    }

    [Fact]
    public async Task A_database_that_refuses_the_service_is_named_with_what_to_look_at()
    {
        await using var cluster = await PostgresCluster.Start();

        await IsRefused([$"--Federation:Database={cluster.ConnectionString("nowhere")}"], "database \"nowhere\" does not exist", "in the connection string");
    }

    [Fact]
    public async Task A_database_file_that_is_none_is_named_with_what_to_do()
    {
        var folder = Directory.CreateTempSubdirectory("federation-garbage-");
        await File.WriteAllTextAsync(Path.Combine(folder.FullName, "federation.db"), string.Join('\n', Enumerable.Repeat("no database", 1000)), TestContext.Current.CancellationToken);

        await IsRefused([$"--Federation:Data={folder.FullName}"], "file is not a database", "restore a backup");

        folder.Delete(recursive: true);
    }

    private static async Task IsRefused(string[] settings, params string[] words)
    {
        await using var service = ServiceProcess.Launched(settings);
        (await service.Ended()).ShouldBe(1);
        var sentence = service.Words.ShouldHaveSingleItem();
        words.ShouldAllBe(word => sentence.Contains(word), sentence);
    }
}
