using Federation.Domain.Identity;
using Federation.Silo.Secrets;
using Shouldly;
using Xunit;

namespace Federation.Silo.Tests.Secrets;

public sealed class FolderSecretsTests : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("secrets");

    [Fact]
    public async Task A_secret_is_its_file_without_the_last_line_feed_and_is_read_anew()
    {
        Write("astro/key", "one\ntwo\n");
        (await Find("astro", "key")).ShouldBe("one\ntwo");
        Write("astro/key", "three");
        (await Find("astro", "key")).ShouldBe("three");
    }

    [Theory]
    [InlineData("astro", "none")]
    [InlineData("nobody", "key")]
    [InlineData("..", "outside")]
    [InlineData(".", "key")]
    [InlineData("astro", "../other/key")]
    [InlineData("astro", "..")]
    [InlineData("astro/../other", "key")]
    public async Task Nobody_reads_what_is_not_in_the_tenant_s_own_folder(string tenant, string name)
    {
        Write("astro/mine", "1");
        Write("other/key", "2");
        Write("key", "3");
        Write("../outside", "4");
        (await Find(tenant, name)).ShouldBeNull();
    }

    [Fact]
    public async Task Without_a_folder_there_are_no_secrets() =>
        (await new FolderSecrets("").Find(new("astro"), "key", TestContext.Current.CancellationToken)).ShouldBeNull();

    [Fact]
    public async Task A_secret_that_is_too_large_is_told_with_its_bound()
    {
        Write("astro/key", new string('x', FolderSecrets.MostBytes + 1));
        (await Should.ThrowAsync<IOException>(() => Find("astro", "key"))).Message.ShouldContain($"more than {FolderSecrets.MostBytes}");
    }

    public void Dispose() => folder.Delete(recursive: true);

    private Task<string?> Find(string tenant, string name) => new FolderSecrets(Path.Combine(folder.FullName, "in")).Find(new TenantId(tenant), name, TestContext.Current.CancellationToken);

    private void Write(string path, string text)
    {
        var file = new FileInfo(Path.Combine(folder.FullName, "in", path));
        file.Directory!.Create();
        File.WriteAllText(file.FullName, text);
    }
}
